// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Rookery.Storage;

/// <summary>How a store works. Immutable; values out of range are refused where they are set.</summary>
public sealed record StoreOptions
{
    /// <summary>How often staged samples are written, 100 ms to 5 s; default 300 ms, which leaves 200 ms to the write itself for everything to be durable within half a second.</summary>
    public TimeSpan CommitInterval
    {
        get;
        init => field = value >= TimeSpan.FromMilliseconds(100) && value <= TimeSpan.FromSeconds(5)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "The commit interval is 100 ms to 5 s.");
    } = TimeSpan.FromMilliseconds(300);

    /// <summary>
    /// Bytes of samples that may wait for the disk, 1 MiB to 64 GiB; default 256 MiB: 10 s of 50 cameras at 4 Mbit/s, longer than a disk's own error recovery takes.
    /// Beyond it appending is refused.
    /// </summary>
    public long MemoryBudgetBytes
    {
        get;
        init => field = value is >= 1 << 20 and <= 64L << 30
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "The memory budget is 1 MiB to 64 GiB.");
    } = 256 << 20;

    /// <summary>
    /// Largest frame, and size of each of the two write buffers, in bytes, a multiple of 4096 from 32 KiB to 256 MiB; default 16 MiB, where a hard disk's seek costs less than a tenth of the
    /// write. Never more than half a zone.
    /// </summary>
    public int MaximumFrameBytes
    {
        get;
        init => field = value is >= 32 << 10 and <= 256 << 20 && value % 4096 == 0
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "The largest frame is 32 KiB to 256 MiB, in steps of 4 KiB.");
    } = 16 << 20;

    /// <summary>Zone size of a disk that is formatted now, in bytes; <c>null</c> (the default) chooses by capacity. Says nothing to a disk that has a store already.</summary>
    public long? ZoneBytes
    {
        get;
        init => field = value is null || (value is >= StoreGeometry.SmallestZoneBytes and <= StoreGeometry.LargestZoneBytes && value % 4096 == 0)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "A zone has 64 KiB to 256 MiB, in steps of 4 KiB.");
    }

    /// <summary>How chunks lie on the disks unless their class says otherwise; <c>null</c> (the default) goes by the number of disks, see <see cref="ChunkLayout.For"/>.</summary>
    public ChunkLayout? Layout { get; init; }

    /// <summary>Blank disks that are given to a pool which knows nothing of them are formatted and join it. Default <c>false</c>: a path that is not mounted looks like a blank disk.</summary>
    public bool JoinBlankDisks { get; init; }

    /// <summary>Bytes a second, read and written together, that rebuilding a column may take, at least 1 MiB; default 100 MiB: a column of 256 MiB in about half a minute with 4+1.</summary>
    public long RebuildBytesPerSecond
    {
        get;
        init => field = value >= 1 << 20 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "A rebuild takes at least 1 MiB a second.");
    } = 100 << 20;

    /// <summary>Bytes a second that verifying chunks may read while nothing is rebuilt; default 4 MiB: a pool of 10 TB in a month. A chunk is verified first when it is a day old, and once a week at most. 0 verifies nothing.</summary>
    public long ScrubBytesPerSecond
    {
        get;
        init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "Not less than nothing is verified.");
    } = 4 << 20;

    /// <summary>
    /// A write, flush or read of a disk that has not returned after so long is not waited for when another disk can go on: 500 ms to 1 min; default 2 s. A healthy commit takes some 10 ms and, when a disk empties
    /// its cache, some 100; error recovery takes 7 s on disks for recorders and half a minute on others, which is as long as memory lasts. The last disk that works is waited for without limit.
    /// </summary>
    public TimeSpan LongestDiskJob
    {
        get;
        init => field = value >= TimeSpan.FromMilliseconds(500) && value <= TimeSpan.FromMinutes(1)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "A disk is waited for 500 ms to 1 min.");
    } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How many disks are recorded on at a time, 1 to 64, never fewer than the widest layout takes; the others may spin down. Disks form groups by number, of at least so many; <c>null</c> (the default), or fewer disks than two
    /// groups need: all are active.
    /// </summary>
    public int? ActiveDisks
    {
        get;
        init => field = value is null or (>= 1 and <= 64) ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "1 to 64 disks are active.");
    }

    /// <summary>It is the next group's turn after this time, even if the active one has room; at least 1 h, <c>null</c> (the default): only when it has none.</summary>
    public TimeSpan? RotateAfter
    {
        get;
        init => field = value is null || value >= TimeSpan.FromHours(1) ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "Groups take turns after 1 h or more.");
    }

    /// <summary>A disk whose turn it is not spins down when it was not used for so long, 1 min to 24 h; default 20 min: each spin-up wears the disk, and whoever looks at old footage looks for a while.</summary>
    public TimeSpan StandbyAfter
    {
        get;
        init => field = value >= TimeSpan.FromMinutes(1) && value <= TimeSpan.FromHours(24)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "A disk spins down after 1 min to 24 h.");
    } = TimeSpan.FromMinutes(20);

    /// <summary>Zones of each disk that are kept free ahead of need, 1 to 8; default 2: one for the next chunk, one in case the first proves bad.</summary>
    public int FreeZonesAhead
    {
        get;
        init => field = value is >= 1 and <= 8 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "1 to 8 zones are kept free.");
    } = 2;

    /// <summary>
    /// Channels that share a write head, 1 to 10,000; default 100: at 4 Mbit/s they fill a frame of <see cref="MaximumFrameBytes"/> in a commit interval, so that a commit is one write. When a class
    /// has more channels it gets a further head, as long as the superblocks have places for it.
    /// </summary>
    public int ChannelsPerHead
    {
        get;
        init => field = value is >= 1 and <= 10_000 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "1 to 10,000 channels share a head.");
    } = 100;

    /// <summary>Share of the pool that holds may keep before there is an alarm, 1 to 100 percent; default 25. Nothing is freed because of it.</summary>
    public int HoldQuotaPercent
    {
        get;
        init => field = value is >= 1 and <= 100 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "Holds have 1 to 100 percent of the pool.");
    } = 25;

    /// <summary>The catalog's file; <c>null</c> works without one: every start then reads the tails of all chunks.</summary>
    public string? CatalogPath { get; init; }

    /// <summary>Knows what disks say of themselves; <c>null</c> for nobody. Asked for the status only; must answer at once.</summary>
    public IDiskHealth? Health { get; init; }

    /// <summary>Memory for parsed footers, in bytes, at least 64 KiB; default 32 MiB.</summary>
    public long FooterCacheBytes
    {
        get;
        init => field = value >= 64 << 10 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "The footer cache has at least 64 KiB.");
    } = 32 << 20;

    /// <summary>Reads at the device at one time, 1 to 64; default 4.</summary>
    public int Readers
    {
        get;
        init => field = value is >= 1 and <= 64 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "1 to 64 readers.");
    } = 4;

    /// <summary>Without threads: commits, recovery and catalog run inside <c>CommitNow</c> and <c>RecoverNow</c>, for tests and tools that need a fixed order of events.</summary>
    internal bool IsManual { get; init; }

    /// <summary>Pages of the catalog that are loaded before the store opens, the rest behind recording; 4 are 256 chunks or, on a large disk, 1024. Tests set 0.</summary>
    internal int CatalogPagesAtOpen { get; init; } = 4;

    /// <summary>Chunks in a segment of the catalog; 256. The more, the less a start reads, and the more of it is about chunks that are gone.</summary>
    internal int CatalogSegmentChunks { get; init; } = 256;

    /// <summary>Zones of the pool, for each column of a chunk, that a further write head wants; 8. Tests have small disks.</summary>
    internal int ZonesPerHead { get; init; } = 8;

    /// <summary>Identity of a disk that is formatted now; <c>null</c> draws one. Given by tests that need the same bytes every time.</summary>
    internal UInt128? Identity { get; init; }

    /// <summary>Chance: identities, and where the numbers of an opening begin. The system's by default; given by tests that need the same bytes every time.</summary>
    internal Func<ulong> Draw { get; init; } = static () => BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(sizeof(ulong)));
}
