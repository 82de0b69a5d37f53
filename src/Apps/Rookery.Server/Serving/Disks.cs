// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Storage;

namespace Rookery.Server;

/// <summary>Which disks the settings mean, for the recorder and for the tools alike.</summary>
internal static class Disks
{
    /// <summary>The disks of the pool; the one in the data directory when none is named.</summary>
    public static IReadOnlyList<DiskSpec> All(ServerSettings settings) =>
        settings.Disks is [] ? [new DiskSpec(Path.Combine(settings.Data, "video.disk"), SizeBytes: null)] : settings.Disks;

    /// <summary>The one disk that a tool looks at.</summary>
    /// <exception cref="UsageException">More disks than one.</exception>
    public static DiskSpec Choose(ServerSettings settings) =>
        All(settings) is [DiskSpec disk] ? disk : throw new UsageException("This looks at one disk at a time. Give --disk once.");

    public static string CatalogPath(ServerSettings settings) => Path.Combine(settings.Data, "catalog.db");
}
