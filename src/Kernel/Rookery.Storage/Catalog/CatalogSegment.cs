// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Buffers.Binary;
using System.Numerics;
using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>A chunk of a segment: as much as its references need, also when it was freed.</summary>
internal readonly record struct SegmentChunk(ulong Generation, HeadId Head, WallRange Committed)
{
    public const int SizeBytes = 32;
}

/// <summary>A format, and which chunks of the segment refer to it: a bit for each, the lowest first.</summary>
/// <remarks>A segment of 300 cameras has as many formats, and a start with 100 TB reads 1,600 segments: bits are counted 64 at a time.</remarks>
internal sealed record SegmentFormat(FormatId Id, byte[] Bytes, ulong[] Chunks)
{
    /// <summary>Words of 64 bits for so many chunks.</summary>
    public static int WordsFor(int chunks) => (chunks + 63) / 64;

    /// <summary>How many of certain chunks refer to it.</summary>
    /// <param name="among">The chunks, as in <see cref="Chunks"/>.</param>
    public int CountAmong(ReadOnlySpan<ulong> among)
    {
        int count = 0;
        for (int word = 0; word < Chunks.Length; word++)
        {
            count += BitOperations.PopCount(Chunks[word] & among[word]);
        }

        return count;
    }
}

/// <summary>What the chunks of a segment hold of one stream. A gap is kept with the index of its chunk, because it goes with it.</summary>
internal sealed record SegmentStream(StreamId Stream, IReadOnlyList<ReferenceRun> Runs, IReadOnlyList<ChunkSpan> Spans, IReadOnlyList<(int Chunk, Gap Gap)> Gaps);

/// <summary>
/// The directories of some hundred chunks in one: where a stream goes on through all of them, it says so once. So a start with 400,000 chunks of 300 cameras reads 300 MB, where the tails
/// are 22 GB. Never changed; which of its chunks are still there says the catalog. Layout in docs/formats/video-store.md, "Catalog".
/// </summary>
internal sealed record CatalogSegment(IReadOnlyList<SegmentChunk> Chunks, IReadOnlyList<SegmentFormat> Formats, IReadOnlyList<SegmentStream> Streams)
{
    private const uint Magic = 0x31_47_45_53; // "SEG1"
    private const int HeaderBytes = 16;

    /// <summary>A bit for each chunk, to a multiple of 8 bytes.</summary>
    private static int MemberBytes(int chunks) => SegmentFormat.WordsFor(chunks) * 8;

    /// <param name="tails">The tails, in the order of their generations.</param>
    public static CatalogSegment Build(IReadOnlyList<ChunkTail> tails)
    {
        var orders = new ChunkOrders();
        var streams = new SortedDictionary<StreamId, (StreamIndex Index, List<(int, Gap)> Gaps)>();
        var formats = new Dictionary<FormatId, SegmentFormat>();
        for (int i = 0; i < tails.Count; i++)
        {
            ChunkTrailer trailer = tails[i].Trailer;
            var chunk = new Chunk(trailer.Chunk, trailer.Generation, trailer.Head, trailer.Layout, columns: []);
            chunk.Seal(trailer);
            orders.Of(chunk.Head).NumberOf(chunk);
            foreach ((FormatId id, byte[] bytes) in tails[i].Formats)
            {
                formats.TryAdd(id, new SegmentFormat(id, bytes, new ulong[SegmentFormat.WordsFor(tails.Count)]));
                formats[id].Chunks[i / 64] |= 1UL << (i % 64);
            }

            foreach (StreamDirectory directory in tails[i].Streams)
            {
                if (!streams.TryGetValue(directory.Stream, out (StreamIndex Index, List<(int, Gap)> Gaps) stream))
                {
                    stream = (new StreamIndex(orders), []);
                    streams.Add(directory.Stream, stream);
                }

                stream.Index.Add(chunk, directory);
                stream.Gaps.AddRange(directory.Gaps.Select(gap => (i, gap)));
            }
        }

        return new CatalogSegment(
            [.. tails.Select(t => new SegmentChunk(t.Trailer.Generation, t.Trailer.Head, t.Trailer.Committed))],
            [.. formats.Values],
            [.. streams.Select(s => Make(s.Key, s.Value.Index, s.Value.Gaps))]);

        static SegmentStream Make(StreamId stream, StreamIndex index, List<(int, Gap)> gaps)
        {
            (IReadOnlyList<ReferenceRun> runs, IReadOnlyList<ChunkSpan> spans) = index.ForCatalog();
            return new SegmentStream(stream, runs, spans, gaps);
        }
    }

    public byte[] ToBytes()
    {
        int size = HeaderBytes + (Chunks.Count * SegmentChunk.SizeBytes) + Formats.Sum(f => MemberBytes(Chunks.Count) + FormatEntry.SizeOf(f.Bytes.Length))
            + Streams.Sum(s => 24 + (s.Runs.Count * ReferenceRun.SizeBytes) + (s.Spans.Count * ChunkSpan.SizeBytes) + (s.Gaps.Count * StreamDirectory.GapBytes)) + 4;
        byte[] bytes = new byte[size];
        Span<byte> d = bytes;
        BinaryPrimitives.WriteUInt32LittleEndian(d, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(d[4..], Chunks.Count);
        BinaryPrimitives.WriteInt32LittleEndian(d[8..], Formats.Count);
        BinaryPrimitives.WriteInt32LittleEndian(d[12..], Streams.Count);
        int at = HeaderBytes;
        foreach (SegmentChunk chunk in Chunks)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(d[at..], chunk.Generation);
            d[at + 8] = chunk.Head.Class;
            d[at + 9] = chunk.Head.Number;
            BinaryPrimitives.WriteInt64LittleEndian(d[(at + 16)..], chunk.Committed.Start.Microseconds);
            BinaryPrimitives.WriteInt64LittleEndian(d[(at + 24)..], chunk.Committed.End.Microseconds);
            at += SegmentChunk.SizeBytes;
        }

        foreach (SegmentFormat format in Formats)
        {
            foreach (ulong word in format.Chunks)
            {
                BinaryPrimitives.WriteUInt64LittleEndian(d[at..], word);
                at += 8;
            }

            at += FormatEntry.Write(d[at..], format.Id, format.Bytes);
        }

        foreach (SegmentStream stream in Streams)
        {
            at += Write(d[at..], stream);
        }

        BinaryPrimitives.WriteUInt32LittleEndian(d[at..], Crc32C.Compute(d[..at]));
        return bytes;
    }

    /// <summary><c>null</c> for bytes that are damaged.</summary>
    public static CatalogSegment? Parse(ReadOnlySpan<byte> s)
    {
        if (s.Length < HeaderBytes + 4 || BinaryPrimitives.ReadUInt32LittleEndian(s[^4..]) != Crc32C.Compute(s[..^4]) || BinaryPrimitives.ReadUInt32LittleEndian(s) != Magic)
        {
            return null;
        }

        // The checksum is right: what follows is what was written.
        var chunks = new SegmentChunk[BinaryPrimitives.ReadInt32LittleEndian(s[4..])];
        var formats = new SegmentFormat[BinaryPrimitives.ReadInt32LittleEndian(s[8..])];
        var streams = new SegmentStream[BinaryPrimitives.ReadInt32LittleEndian(s[12..])];
        int at = HeaderBytes;
        for (int i = 0; i < chunks.Length; i++, at += SegmentChunk.SizeBytes)
        {
            chunks[i] = new SegmentChunk(BinaryPrimitives.ReadUInt64LittleEndian(s[at..]), new HeadId(s[at + 8], s[at + 9]), ReadRange(s[(at + 16)..]));
        }

        for (int i = 0; i < formats.Length; i++)
        {
            ulong[] members = new ulong[SegmentFormat.WordsFor(chunks.Length)];
            for (int word = 0; word < members.Length; word++, at += 8)
            {
                members[word] = BinaryPrimitives.ReadUInt64LittleEndian(s[at..]);
            }

            if (!FormatEntry.TryRead(s[..^4], ref at, out FormatId id, out ReadOnlySpan<byte> bytes))
            {
                return null;
            }

            formats[i] = new SegmentFormat(id, bytes.ToArray(), members);
        }

        for (int i = 0; i < streams.Length; i++)
        {
            streams[i] = Read(s, ref at);
        }

        return new CatalogSegment(chunks, formats, streams);
    }

    private static int Write(Span<byte> d, SegmentStream stream)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(d, stream.Stream.Value);
        BinaryPrimitives.WriteInt32LittleEndian(d[8..], stream.Runs.Count);
        BinaryPrimitives.WriteInt32LittleEndian(d[12..], stream.Spans.Count);
        BinaryPrimitives.WriteInt32LittleEndian(d[16..], stream.Gaps.Count);
        int at = 24;
        foreach (ReferenceRun run in stream.Runs)
        {
            run.Write(d[at..]);
            at += ReferenceRun.SizeBytes;
        }

        foreach (ChunkSpan span in stream.Spans)
        {
            span.Write(d[at..]);
            at += ChunkSpan.SizeBytes;
        }

        foreach ((int chunk, Gap gap) in stream.Gaps)
        {
            BinaryPrimitives.WriteInt64LittleEndian(d[at..], gap.Range.Start.Microseconds);
            BinaryPrimitives.WriteInt64LittleEndian(d[(at + 8)..], gap.Range.End.Microseconds);
            BinaryPrimitives.WriteInt32LittleEndian(d[(at + 16)..], chunk);
            d[at + 20] = (byte)gap.Cause;
            at += StreamDirectory.GapBytes;
        }

        return at;
    }

    private static SegmentStream Read(ReadOnlySpan<byte> s, ref int at)
    {
        var stream = new StreamId(BinaryPrimitives.ReadUInt64LittleEndian(s[at..]));
        var runs = new ReferenceRun[BinaryPrimitives.ReadInt32LittleEndian(s[(at + 8)..])];
        var spans = new ChunkSpan[BinaryPrimitives.ReadInt32LittleEndian(s[(at + 12)..])];
        var gaps = new (int, Gap)[BinaryPrimitives.ReadInt32LittleEndian(s[(at + 16)..])];
        at += 24;
        for (int i = 0; i < runs.Length; i++, at += ReferenceRun.SizeBytes)
        {
            runs[i] = ReferenceRun.Read(s[at..]);
        }

        for (int i = 0; i < spans.Length; i++, at += ChunkSpan.SizeBytes)
        {
            spans[i] = ChunkSpan.Read(s[at..]);
        }

        for (int i = 0; i < gaps.Length; i++, at += StreamDirectory.GapBytes)
        {
            gaps[i] = (BinaryPrimitives.ReadInt32LittleEndian(s[(at + 16)..]), new Gap(ReadRange(s[at..]), (GapCause)s[at + 20]));
        }

        return new SegmentStream(stream, runs, spans, gaps);
    }

    private static WallRange ReadRange(ReadOnlySpan<byte> s) =>
        new(new WallTime(BinaryPrimitives.ReadInt64LittleEndian(s)), new WallTime(BinaryPrimitives.ReadInt64LittleEndian(s[8..])));
}
