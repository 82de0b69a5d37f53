// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Recording;
using Rookery.Storage;

namespace Rookery.Server;

/// <summary>Which disks the settings mean, for the recorder and for the tools alike.</summary>
internal static class Disks
{
    /// <summary>The disks that the command line names; the one in the data directory when it names none.</summary>
    public static IReadOnlyList<DiskSpec> All(ServerSettings settings) =>
        settings.Disks is [] ? [new DiskSpec(Path.Combine(settings.Data, "video.disk"), SizeBytes: null)] : settings.Disks;

    /// <summary>Those, with the ones that were added and without the ones that were removed while the recorder ran.</summary>
    public static IReadOnlyList<DiskSpec> All(ServerSettings settings, IReadOnlyList<ListedDisk> listed)
    {
        Dictionary<string, ListedDiskState> states = listed.ToDictionary(disk => disk.Path, disk => disk.State);
        List<DiskSpec> named = [.. All(settings).Where(spec => states.GetValueOrDefault(Path.GetFullPath(spec.Path)) != ListedDiskState.Removed)];
        HashSet<string> paths = [.. named.Select(spec => Path.GetFullPath(spec.Path))];
        return [.. named, .. listed.Where(disk => disk.State == ListedDiskState.Added && !paths.Contains(disk.Path)).Select(disk => new DiskSpec(disk.Path, disk.SizeBytes))];
    }

    /// <summary>The one disk that a tool looks at.</summary>
    /// <exception cref="UsageException">More disks than one.</exception>
    public static DiskSpec Choose(ServerSettings settings) =>
        All(settings) is [DiskSpec disk] ? disk : throw new UsageException("This looks at one disk at a time. Give --disk once.");

    public static string CatalogPath(ServerSettings settings) => Path.Combine(settings.Data, "catalog.db");
}
