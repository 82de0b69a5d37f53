// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Storage;

namespace Rookery.Simulation;

/// <summary>A pool whose process is killed again and again.</summary>
/// <param name="Layout">Layout of class 0; class 1 is mirrored as often as that has parity.</param>
/// <param name="Disks">Disks at the beginning. Two with class 0's layout on as many disks are the narrowest case.</param>
/// <param name="IsFull">The disks fill up within some kills, and retention frees; else nothing may ever be missing.</param>
/// <param name="OnLoops">On block devices of the kernel, where it gives any; else on files.</param>
public sealed record KillCase(ChunkLayout Layout, int Disks, bool IsFull, bool OnLoops)
{
    /// <summary>What a chunk may be missing of all zones of a disk before retention has a reason to free: those kept free ahead, and of each class (two and copies) one being written, one opened ahead, one that a kill left behind.</summary>
    private const int ZonesInReserve = 12;

    /// <summary>Every layout that the redundancy of pools is made of, with room and without, with and without disks to spare.</summary>
    public static readonly IReadOnlyList<KillCase> All =
    [
        new(new(2, 1), 5, IsFull: false, OnLoops: false),
        new(new(1, 1), 2, IsFull: true, OnLoops: true),
        new(new(4, 2), 7, IsFull: false, OnLoops: false),
        new(new(1, 0), 2, IsFull: true, OnLoops: false),
        new(new(1, 1), 4, IsFull: false, OnLoops: true),
        new(new(2, 1), 3, IsFull: true, OnLoops: false),
        new(new(1, 0), 3, IsFull: false, OnLoops: true),
        new(new(4, 2), 6, IsFull: true, OnLoops: false),
        new(new(1, 2), 5, IsFull: false, OnLoops: false),
        new(new(2, 1), 4, IsFull: true, OnLoops: true),
    ];

    /// <summary>Most disks that it ever has.</summary>
    public int MostDisks => Disks + 2;

    /// <summary>Size of each disk: those that are to fill up are as small as disks may be.</summary>
    public long DiskBytes => IsFull ? DiskSizing.MinimumBytes : 160L << 20;

    /// <summary>See <see cref="KillPlan.Sample"/>: the more room there is, the more is recorded.</summary>
    public int SampleFactor => IsFull ? 4 * Layout.DataColumns : 1;

    /// <summary>Chunks that are there when anything is missing because retention took it.</summary>
    public int FewestChunks => IsFull ? (int)((DiskBytes - (2 << 20)) / ZoneBytes) - ZonesInReserve : int.MaxValue;

    private long ZoneBytes => IsFull ? 4 << 20 : 1 << 20;

    /// <param name="catalog">Path of the catalog.</param>
    /// <param name="longestDiskJob">A disk that takes longer counts as hanging, and its chunks go on without it. As long as may be, where that is not what is tried: else a busy machine decides which disks are unlucky.</param>
    public StoreOptions Options(string catalog, TimeSpan? longestDiskJob = null) => KillPlan.Options with
    {
        ZoneBytes = ZoneBytes,
        MemoryBudgetBytes = 16 << 20,
        MaximumFrameBytes = 256 << 10 << (IsFull ? 3 : 0),
        Layout = Layout,
        CatalogPath = catalog,
        LongestDiskJob = longestDiskJob ?? TimeSpan.FromMinutes(1),
    };

    /// <summary>The class of a stream in a start: one of the streams moves between the two.</summary>
    public static RetentionClassId ClassOf(int start, int stream) => new((byte)(stream == 4 || (stream == 5 && start % 2 == 1) ? 1 : 0));

    /// <summary>Class 1, as every start defines it.</summary>
    public RetentionClass Evidence =>
        new(new RetentionClassId(1), MaximumAge: null, MaximumBytes: null, new ChunkLayout(1, Layout.ParityColumns)) { Name = "doors", Priority = 80 };

    public override string ToString() => $"{Layout} on {Disks} {(OnLoops ? "block devices" : "files")}, {(IsFull ? "full" : "with room")}";
}
