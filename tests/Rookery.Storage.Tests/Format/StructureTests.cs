// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage.Tests;

/// <summary>Each structure reads back as it was written, and its invalid neighbours (a bit turned over, an end cut off) are refused, never misread.</summary>
public sealed class StructureTests
{
    private static readonly WallTime Time = StoreBench.Start;

    private static PartHeader Part() => new()
    {
        Kind = FrameKind.Data,
        HeaderBytes = 500,
        Chunk = 7,
        Generation = 9,
        Frame = 3,
        PartBytes = 8192,
        FrameContentBytes = 4904,
        Disk = UInt128.MaxValue - 5,
        ContentChecksum = 1,
        HeaderChecksum = 2,
        OffsetBytes = 4096,
        Zone = 11,
    };

    private static ChunkTrailer Trailer() => new()
    {
        Chunk = 1,
        Generation = 2,
        Disk = 3,
        Zone = 4,
        Head = new HeadId(5, 6),
        WasCut = true,
        DataEnd = 8192,
        FrameCount = 2,
        CommitNumber = (3UL << 40) + 7,
        FooterStart = 57_344,
        FormatsBytes = 64,
        DirectoryBytes = 128,
        Wall = new WallRange(Time, Time + TimeSpan.FromSeconds(1)),
        Committed = new WallRange(Time, Time),
        StreamCount = 1,
        FormatCount = 1,
        TailChecksum = 77,
    };

    private static Superblock Root() => new()
    {
        Sequence = 5,
        Pool = 1,
        Disk = 2,
        Geometry = new StoreGeometry(8 << 20, 64 << 10, 100),
        Created = Time,
        Written = Time,
        OpenEpoch = 3,
        NextChunk = 4,
        NextGeneration = 6,
        Clean = true,
        LastTransition = 8,
        Open = [new OpenColumn(1, new HeadId(2, 0), 3, 4), new OpenColumn(2, new HeadId(2, 9), 4, 5, IsAhead: true), new OpenColumn(3, new HeadId(2, 1), 5, 6, Frames: 7, Column: 4, Layout: new ChunkLayout(4, 2), IsRebuilt: true)],
        Spares = [5, 6, 7],
        Transitions = [new ZoneTransition(7, 8, ZoneChange.Freed, 1, 2), new ZoneTransition(8, 8, ZoneChange.Opened, 1, 3)],
    };

    [Fact]
    public void A_part_header_reads_back_and_every_bit_of_it_counts()
    {
        byte[] bytes = new byte[PartHeader.SizeBytes];
        Part().Write(bytes);
        PartHeader.TryParse(bytes, out PartHeader read).ShouldBeTrue();
        read.ShouldBe(Part());
        EveryFlipIsRefused(bytes, b => !PartHeader.TryParse(b, out _));
        PartHeader.TryParse(bytes.AsSpan(0, 95), out _).ShouldBeFalse();
    }

    [Fact]
    public void A_trailer_reads_back_and_every_bit_of_it_counts()
    {
        byte[] bytes = new byte[ChunkTrailer.SizeBytes];
        Trailer().Write(bytes);
        ChunkTrailer.TryParse(bytes, 64 << 10, out ChunkTrailer read).ShouldBeTrue();
        read.ShouldBe(Trailer());
        EveryFlipIsRefused(bytes, b => !ChunkTrailer.TryParse(b, 64 << 10, out _));
    }

    [Fact]
    public void A_superblock_reads_back_and_no_torn_one_is_believed()
    {
        byte[] bytes = new byte[Superblock.SizeBytes];
        Root().Write(bytes);
        Superblock read = Superblock.Parse(bytes).ShouldNotBeNull();
        byte[] again = new byte[Superblock.SizeBytes];
        read.Write(again);
        again.ShouldBe(bytes);
        read.Open.ShouldBe(Root().Open);
        read.Transitions.ShouldBe(Root().Transitions);
        byte[] older = new byte[Superblock.SizeBytes];
        (Root() with { Sequence = 4, Spares = [9] }).Write(older);
        for (int sector = 512; sector < Superblock.SizeBytes; sector += 512)
        {
            Superblock.Parse([.. bytes[..sector], .. older[sector..]])?.Sequence.ShouldBe(5ul);
        }

        EveryFlipIsRefused(bytes, b => Superblock.Parse(b) is null);
    }

    [Fact]
    public void Counts_beyond_the_block_are_refused_even_with_a_right_checksum()
    {
        foreach (int at in new[] { 128, 132, 136 })
        {
            byte[] bytes = new byte[Superblock.SizeBytes];
            Root().Write(bytes);
            BitConverter.TryWriteBytes(bytes.AsSpan(at), 1_000_000);
            BitConverter.TryWriteBytes(bytes.AsSpan(4092), Crc32C.Compute(bytes.AsSpan(0, 4092)));
            Superblock.Parse(bytes).ShouldBeNull();
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Sample_tables_read_back_for_any_numbers(int seed)
    {
        var random = new Random(seed);
        for (int round = 0; round < 200; round++)
        {
            var samples = new StoredSample[random.Next(1, 50)];
            byte[] table = new byte[samples.Length * SampleTable.MaximumRowBytes];
            int length = 0;
            long payload = 0;
            for (int i = 0; i < samples.Length; i++)
            {
                samples[i] = new StoredSample(
                    (uint)random.NextInt64(uint.MaxValue >> random.Next(32)), random.Next(int.MinValue, int.MaxValue) >> random.Next(32),
                    random.Next(1 << 24 >> random.Next(24)), (SampleFlags)random.Next(4));
                payload += samples[i].SizeBytes;
                int row = SampleTable.WriteRow(table.AsSpan(length), samples[i]);
                row.ShouldBeInRange(SampleTable.MinimumRowBytes, SampleTable.MaximumRowBytes);
                length += row;
            }

            var read = new StoredSample[samples.Length];
            SampleTable.TryRead(table.AsSpan(0, length), read, (int)payload).ShouldBeTrue();
            read.ShouldBe(samples);
            SampleTable.TryRead(table.AsSpan(0, length - 1), read, (int)payload).ShouldBeFalse();
            SampleTable.TryRead(table.AsSpan(0, length), read, (int)payload + 1).ShouldBeFalse();
        }
    }

    [Fact]
    public void A_directory_entry_reads_back_and_lies_about_its_counts_are_refused()
    {
        var directory = new StreamDirectory
        {
            Stream = new StreamId(5),
            EntriesOffset = 96,
            EntriesBytes = 208,
            RecordCount = 2,
            EntriesChecksum = 4,
            PayloadBytes = 1234,
            Wall = new WallRange(Time, Time + TimeSpan.FromSeconds(3)),
            Spans = [new ChunkSpan(new WallRange(Time, Time + TimeSpan.FromSeconds(1)), 1, 2, 3, 4)],
            Gaps = [new Gap(new WallRange(Time, Time + TimeSpan.FromSeconds(2)), GapCause.Network)],
        };
        byte[] bytes = new byte[directory.SizeBytes];
        directory.Write(bytes).ShouldBe(bytes.Length);
        int at = 0;
        StreamDirectory read = StreamDirectory.TryRead(bytes, ref at, 1000).ShouldNotBeNull();
        at.ShouldBe(bytes.Length);
        read.Spans.ShouldBe(directory.Spans);
        read.Gaps.ShouldBe(directory.Gaps);
        foreach (int count in new[] { 8, 12, 16, 24, 28 })
        {
            byte[] lie = [.. bytes];
            BitConverter.TryWriteBytes(lie.AsSpan(count), int.MaxValue);
            at = 0;
            StreamDirectory.TryRead(lie, ref at, 1000).ShouldBeNull($"count at {count}");
        }
    }

    [Fact]
    public void Zones_are_as_large_as_leaves_64_of_them_and_never_below_16_MiB()
    {
        StoreGeometry.Choose(4L << 40, null).ZoneBytes.ShouldBe(256 << 20);
        StoreGeometry.Choose(20L << 30, null).ZoneBytes.ShouldBe(256 << 20);
        StoreGeometry.Choose(10L << 30, null).ZoneBytes.ShouldBe(128 << 20);
        StoreGeometry.Choose(100 << 20, null).ZoneBytes.ShouldBe(16 << 20);
        StoreGeometry.Choose(4L << 40, null).IsValid.ShouldBeTrue();
    }

    private static void EveryFlipIsRefused(byte[] bytes, Func<byte[], bool> isRefused)
    {
        for (int bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            isRefused(bytes).ShouldBeTrue($"bit {bit}");
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }
}
