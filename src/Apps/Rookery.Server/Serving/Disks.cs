// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Storage;

namespace Rookery.Server;

/// <summary>Which disk the settings mean, for the recorder and for the tools alike.</summary>
internal static class Disks
{
    /// <exception cref="UsageException">More disks than one.</exception>
    public static DiskSpec Choose(ServerSettings settings) => settings.Disks switch
    {
        [] => new DiskSpec(Path.Combine(settings.Data, "video.disk"), SizeBytes: null),
        [DiskSpec disk] => disk,
        _ => throw new UsageException("This version records on one disk. Give --disk once."),
    };

    public static string CatalogPath(ServerSettings settings) => Path.Combine(settings.Data, "catalog.db");
}
