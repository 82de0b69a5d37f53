// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Simulation;

/// <summary>Chances of faults of a running disk, each between 0 and 1 for one call. All are 0 at first: a disk that only crashes.</summary>
public sealed record DiskFaults
{
    public static readonly DiskFaults None = new();

    /// <summary>A write throws; any of its sectors may have been taken.</summary>
    public double WriteError { get; init; }

    /// <summary>A flush throws; any sector in the cache may be lost for good, and reads show the old one.</summary>
    public double FlushError { get; init; }

    /// <summary>Writes and flushes, counted from 0 since the disk was made, that throw: from the first to before the second.</summary>
    public (int Start, int End) FailingCalls { get; init; }

    /// <summary>Reads throw as well while the next write or flush would be one of <see cref="FailingCalls"/>: the disk is gone.</summary>
    public bool ReadsFailToo { get; init; }

    /// <summary>A read throws.</summary>
    public double ReadError { get; init; }

    /// <summary>Bad sectors: a read that touches one of these ranges of bytes throws.</summary>
    public IReadOnlyList<(long Start, long End)> Unreadable { get; init; } = [];

    /// <summary>Bad sectors: a write that touches one of these ranges of bytes throws; any of its sectors may have been taken.</summary>
    public IReadOnlyList<(long Start, long End)> Unwritable { get; init; } = [];

    /// <summary>A bit of what is read is wrong, this time only.</summary>
    public double ReadFlip { get; init; }

    /// <summary>A write lands elsewhere on the disk without a word: its place keeps what it had.</summary>
    public double Misdirection { get; init; }

    /// <summary>The job, counted from 0 since the disk was made, that hangs: nothing of it happens before <see cref="HangTime"/> of virtual time is over; then all of it does, whoever still waits for it.</summary>
    public int? HangingJob { get; init; }

    public TimeSpan HangTime { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>A call takes <see cref="StallTime"/> of virtual time.</summary>
    public double Stall { get; init; }

    public TimeSpan StallTime { get; init; } = TimeSpan.FromSeconds(5);
}
