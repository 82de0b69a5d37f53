// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;
using Rookery.Storage;

namespace Rookery.Bench.Scale;

/// <summary>
/// The tails of the chunks that so many cameras of 4 Mbit/s leave on one head in zones of 256 MiB, one after another without end. Made on demand and always the same: a month of 100 cameras has half a million.
/// </summary>
/// <param name="Cameras">Cameras that share a head.</param>
internal sealed record SyntheticChunks(int Cameras)
{
    public const long ZoneBytes = 256L << 20;
    public const double BytesPerSecond = 4e6 / 8;
    public static readonly WallTime Start = WallTime.From(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    public static readonly TimeSpan Commit = TimeSpan.FromMilliseconds(300);

    /// <summary>First camera of the head; a second head has others.</summary>
    public int FirstCamera { get; init; } = 1;

    /// <summary>The head's retention class.</summary>
    public byte Class { get; init; }

    public UInt128 Disk { get; init; } = 2;

    /// <summary>Formats of the cameras, one each; none by default.</summary>
    public IReadOnlyList<(FormatId Id, byte[] Bytes)> Formats { get; init; } = [];

    /// <summary>A format of the size of an H.264 one for each camera.</summary>
    public static IReadOnlyList<(FormatId Id, byte[] Bytes)> FormatsOf(int cameras)
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, cameras).Select(_ =>
        {
            byte[] bytes = new byte[64];
            random.NextBytes(bytes);
            return (FormatEntry.IdOf(bytes), bytes);
        })];
    }

    /// <summary>Frames in a chunk. A sixteenth of a percent of the zone is its footer.</summary>
    public int FramesPerChunk => (int)(ZoneBytes / (BytesPerSecond * Cameras * Commit.TotalSeconds));

    public TimeSpan ChunkTime => FramesPerChunk * Commit;

    public long ChunksIn(TimeSpan time) => (long)(time / ChunkTime);

    public static StreamId Stream(int camera) => new((ulong)camera << 8);

    /// <summary>When a chunk begins.</summary>
    public WallTime BeginOf(long chunk) => Start + (chunk * ChunkTime);

    /// <summary>The tail of the chunk with that number, counted from 0.</summary>
    /// <param name="chunk">Its number.</param>
    /// <param name="generation">Its generation and id.</param>
    /// <param name="zone">Its zone.</param>
    /// <param name="commitNumber">Of its last frame.</param>
    public ChunkTail Tail(long chunk, ulong generation, int zone, ulong commitNumber)
    {
        WallTime begin = BeginOf(chunk);
        var streams = new StreamDirectory[Cameras];
        for (int i = 0; i < Cameras; i++)
        {
            WallRange wall = WallOf(begin, i);
            uint first = (uint)(chunk * FramesPerChunk);
            streams[i] = new StreamDirectory
            {
                Stream = Stream(FirstCamera + i),
                EntriesOffset = PartHeader.SizeBytes,
                EntriesBytes = RecordEntry.FixedBytes * FramesPerChunk,
                RecordCount = FramesPerChunk,
                EntriesChecksum = 0,
                PayloadBytes = (long)(BytesPerSecond * ChunkTime.TotalSeconds),
                Wall = wall,
                Spans = [new ChunkSpan(wall, (ulong)(FirstCamera + i), first, (ulong)(FirstCamera + i), first + (uint)FramesPerChunk - 1)],
                Gaps = [],
            };
        }

        return new ChunkTail { Trailer = Trailer(begin, generation, zone, commitNumber, streams), Streams = streams, Formats = Formats };
    }

    /// <summary>A tail as it stands on the disk.</summary>
    public static byte[] ToBytes(ChunkTail tail)
    {
        byte[] bytes = new byte[tail.Trailer.TailBytes];
        int at = 0;
        foreach ((FormatId id, byte[] format) in tail.Formats)
        {
            at += FormatEntry.Write(bytes.AsSpan(at), id, format);
        }

        foreach (StreamDirectory stream in tail.Streams)
        {
            at += stream.Write(bytes.AsSpan(at));
        }

        (tail.Trailer with { TailChecksum = Crc32C.Compute(bytes.AsSpan(0, at)) }).Write(bytes.AsSpan(at));
        return bytes;
    }

    /// <summary>A camera's pictures are as old at a commit as their way and the commit's rhythm make them; each camera by another phase.</summary>
    public WallRange WallOf(WallTime begin, int camera)
    {
        TimeSpan phase = TimeSpan.FromMilliseconds(100 + (camera * 7 % 300));
        return new WallRange(begin - phase, begin - phase + ChunkTime);
    }

    private ChunkTrailer Trailer(WallTime begin, ulong generation, int zone, ulong commitNumber, StreamDirectory[] streams) => new()
    {
        Chunk = generation,
        Generation = generation,
        Disk = Disk,
        Zone = zone,
        Head = new HeadId(Class, 0),
        DataEnd = ZoneBytes - (1 << 20),
        FrameCount = (ulong)FramesPerChunk,
        CommitNumber = commitNumber,
        FooterStart = ZoneBytes - (1 << 20),
        FormatsBytes = Formats.Sum(static f => FormatEntry.SizeOf(f.Bytes.Length)),
        DirectoryBytes = streams.Sum(static s => s.SizeBytes),
        Wall = new WallRange(begin - TimeSpan.FromSeconds(0.5), begin + ChunkTime),
        Committed = new WallRange(begin, begin + ChunkTime - Commit),
        StreamCount = streams.Length,
        FormatCount = Formats.Count,
        TailChecksum = 0,
    };
}
