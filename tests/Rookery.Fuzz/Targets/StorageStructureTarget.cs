// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;
using Rookery.Storage;

namespace Rookery.Fuzz;

/// <summary>What stands on a disk, read one structure at a time: superblock, part header, frame header, record entry, sample table, tail of a chunk.</summary>
/// <remarks>Checksums are made right again after most mutations, so that the bounds behind them are what is tried.</remarks>
public sealed class StorageStructureTarget : FuzzTarget
{
    private const long ZoneBytes = 256 << 10;

    public override string Name => "storage-structures";

    public override IReadOnlyList<byte[]> Seeds { get; } = [SuperblockBytes(), TrailerBytes(), new byte[256]];

    public override byte[] Mutate(Random random, byte[] input)
    {
        byte[] bytes = Mutator.Bytes(random, input);
        if (random.Next(4) != 0)
        {
            if (bytes.Length == Superblock.SizeBytes)
            {
                BitConverter.TryWriteBytes(bytes.AsSpan(4092), Crc32C.Compute(bytes.AsSpan(0, 4092)));
            }
            else if (bytes.Length == ChunkTrailer.SizeBytes)
            {
                BitConverter.TryWriteBytes(bytes.AsSpan(124), Crc32C.Compute(bytes.AsSpan(0, 124)));
            }
        }

        return bytes;
    }

    public override void Run(byte[] input)
    {
        if (Superblock.Parse(input) is { } superblock)
        {
            byte[] again = new byte[Superblock.SizeBytes];
            superblock.Write(again);
            Require(Superblock.Parse(again) is { } same && same.Sequence == superblock.Sequence && same.Open.Count == superblock.Open.Count, "a superblock that was read is written the same");
            Require(superblock.Open.All(entry => entry.Zone >= 0 && entry.Zone < superblock.Geometry.ZoneCount), "open chunks lie on the disk");
        }

        if (ChunkTrailer.TryParse(input, ZoneBytes, out ChunkTrailer trailer))
        {
            Require(trailer.TailBytes > 0 && trailer.TailBytes <= ZoneBytes && trailer.DataEnd <= trailer.FooterStart, "a tail lies in its zone");
        }

        _ = ChunkTail.Parse(input, ZoneBytes);
        if (input.Length >= PartHeader.SizeBytes && PartHeader.TryParse(input, out PartHeader part))
        {
            _ = FrameHeader.TryParse(input.AsSpan(PartHeader.SizeBytes), part, out _);
        }

        if (RecordEntry.TryParse(input, out RecordEntry entry))
        {
            Require(entry.EntryBytes <= input.Length, "an entry lies in its table");
        }

        StoredSample[] samples = new StoredSample[Math.Min(64, input.Length)];
        _ = SampleTable.TryRead(input, samples, payloadBytes: 1 << 20);
        int at = 0;
        while (FormatEntry.TryRead(input, ref at, out _, out _))
        {
        }

        at = 0;
        while (StreamDirectory.TryRead(input, ref at, ZoneBytes) is not null)
        {
        }
    }

    private static byte[] SuperblockBytes()
    {
        byte[] bytes = new byte[Superblock.SizeBytes];
        new Superblock
        {
            Sequence = 7,
            Pool = 1,
            Disk = 2,
            Geometry = StoreGeometry.Choose(4 << 20, ZoneBytes),
            Created = new WallTime(1),
            OpenEpoch = 3,
            NextChunk = 9,
            NextGeneration = 9,
            Open = [new OpenColumn(1, default, 8, 8)],
            Spares = [2, 3],
            LastTransition = 1,
            Transitions = [new ZoneTransition(1, 1, ZoneChange.Opened, 0, 8)],
        }.Write(bytes);
        return bytes;
    }

    private static byte[] TrailerBytes()
    {
        byte[] bytes = new byte[ChunkTrailer.SizeBytes];
        new ChunkTrailer
        {
            Chunk = 1,
            Generation = 1,
            Disk = 2,
            Zone = 0,
            Head = default,
            DataEnd = 4096,
            FrameCount = 1,
            CommitNumber = 1,
            FooterStart = ZoneBytes - 8192,
            FormatsBytes = 0,
            DirectoryBytes = 0,
            Wall = new WallRange(new WallTime(0), new WallTime(1)),
            Committed = new WallRange(new WallTime(0), new WallTime(1)),
            StreamCount = 0,
            FormatCount = 0,
            TailChecksum = 0,
        }.Write(bytes);
        return bytes;
    }
}
