// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Recording;

/// <summary>How a disk came into the list.</summary>
public enum ListedDiskState : byte
{
    /// <summary>It was opened, because the command line named it.</summary>
    Known = 0,

    /// <summary>It was taken into the pool while the recorder ran, and is opened like those that the command line names.</summary>
    Added = 1,

    /// <summary>It left the pool, and is not opened any more, also if the command line names it.</summary>
    Removed = 2,
}

/// <param name="Path">Absolute.</param>
/// <param name="SizeBytes">As it was asked for; <c>null</c> for the whole.</param>
/// <param name="State">How it came into the list.</param>
public sealed record ListedDisk(string Path, long? SizeBytes, ListedDiskState State);

/// <summary>
/// The disks that the recorder had: which are to be opened besides those of the command line, and of which it is certain that they exist, so that an empty mount point is not taken for a new
/// disk. Safe for any thread.
/// </summary>
public sealed class DiskList(SettingsStore settings)
{
    public IReadOnlyList<ListedDisk> All =>
        settings.Query("SELECT path, size_bytes, state FROM disk ORDER BY rowid", row => new ListedDisk(row.GetString(0), row.IsDBNull(1) ? null : row.GetInt64(1), (ListedDiskState)row.GetInt64(2)));

    /// <summary>Adds a disk, or changes what is known of it.</summary>
    public void Put(ListedDisk disk) =>
        settings.Execute(
            "INSERT INTO disk (path, size_bytes, state) VALUES ($path, $size, $state) ON CONFLICT DO UPDATE SET size_bytes = excluded.size_bytes, state = excluded.state",
            ("$path", disk.Path), ("$size", disk.SizeBytes), ("$state", (long)disk.State));

    /// <summary>As if it had never been.</summary>
    /// <returns><c>false</c> when it was not in the list.</returns>
    public bool Forget(string path) => settings.Execute("DELETE FROM disk WHERE path = $path", ("$path", path)) > 0;
}
