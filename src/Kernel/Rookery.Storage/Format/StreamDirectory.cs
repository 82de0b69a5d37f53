// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Buffers.Binary;
using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>A continuous recorded interval of a stream within one chunk, with its first and last record, so that chunks can be joined.</summary>
internal readonly record struct ChunkSpan(WallRange Wall, ulong FirstRun, uint FirstSequence, ulong LastRun, uint LastSequence)
{
    public const int SizeBytes = 40;

    public void Write(Span<byte> d)
    {
        BinaryPrimitives.WriteInt64LittleEndian(d, Wall.Start.Microseconds);
        BinaryPrimitives.WriteInt64LittleEndian(d[8..], Wall.End.Microseconds);
        BinaryPrimitives.WriteUInt64LittleEndian(d[16..], FirstRun);
        BinaryPrimitives.WriteUInt64LittleEndian(d[24..], LastRun);
        BinaryPrimitives.WriteUInt32LittleEndian(d[32..], FirstSequence);
        BinaryPrimitives.WriteUInt32LittleEndian(d[36..], LastSequence);
    }

    public static ChunkSpan Read(ReadOnlySpan<byte> s) => new(
        new WallRange(new(BinaryPrimitives.ReadInt64LittleEndian(s)), new(BinaryPrimitives.ReadInt64LittleEndian(s[8..]))),
        BinaryPrimitives.ReadUInt64LittleEndian(s[16..]),
        BinaryPrimitives.ReadUInt32LittleEndian(s[32..]),
        BinaryPrimitives.ReadUInt64LittleEndian(s[24..]),
        BinaryPrimitives.ReadUInt32LittleEndian(s[36..]));
}

/// <summary>What a chunk holds of one stream: where its record entries lie in the footer, and its spans and gaps.</summary>
internal sealed record StreamDirectory
{
    public const int FixedBytes = 56;
    public const int GapBytes = 24;

    public required StreamId Stream { get; init; }

    /// <summary>Offset of the entries in the linear content of the index.</summary>
    public required int EntriesOffset { get; init; }
    public required int EntriesBytes { get; init; }
    public required int RecordCount { get; init; }
    public required uint EntriesChecksum { get; init; }
    public required long PayloadBytes { get; init; }

    /// <summary>From the first capture time to the last, over all records and gaps.</summary>
    public required WallRange Wall { get; init; }
    public required IReadOnlyList<ChunkSpan> Spans { get; init; }
    public required IReadOnlyList<Gap> Gaps { get; init; }

    public int SizeBytes => FixedBytes + (Spans.Count * ChunkSpan.SizeBytes) + (Gaps.Count * GapBytes);

    public int Write(Span<byte> d)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(d, Stream.Value);
        BinaryPrimitives.WriteInt32LittleEndian(d[8..], EntriesOffset);
        BinaryPrimitives.WriteInt32LittleEndian(d[12..], EntriesBytes);
        BinaryPrimitives.WriteInt32LittleEndian(d[16..], RecordCount);
        BinaryPrimitives.WriteUInt32LittleEndian(d[20..], EntriesChecksum);
        BinaryPrimitives.WriteInt32LittleEndian(d[24..], Spans.Count);
        BinaryPrimitives.WriteInt32LittleEndian(d[28..], Gaps.Count);
        BinaryPrimitives.WriteInt64LittleEndian(d[32..], PayloadBytes);
        BinaryPrimitives.WriteInt64LittleEndian(d[40..], Wall.Start.Microseconds);
        BinaryPrimitives.WriteInt64LittleEndian(d[48..], Wall.End.Microseconds);
        int at = FixedBytes;
        foreach (ChunkSpan span in Spans)
        {
            span.Write(d[at..]);
            at += ChunkSpan.SizeBytes;
        }

        foreach (Gap gap in Gaps)
        {
            Span<byte> g = d[at..];
            BinaryPrimitives.WriteInt64LittleEndian(g, gap.Range.Start.Microseconds);
            BinaryPrimitives.WriteInt64LittleEndian(g[8..], gap.Range.End.Microseconds);
            BinaryPrimitives.WriteUInt64LittleEndian(g[16..], (byte)gap.Cause);
            at += GapBytes;
        }

        return at;
    }

    /// <summary>Reads the entry at <paramref name="at"/> and moves behind it; <c>null</c> for anything a writer never makes.</summary>
    /// <param name="source">The directory.</param>
    /// <param name="at">Position in it.</param>
    /// <param name="indexBytes">Room for the linear content of the index, for the bounds.</param>
    public static StreamDirectory? TryRead(ReadOnlySpan<byte> source, ref int at, long indexBytes)
    {
        if (source.Length - at < FixedBytes)
        {
            return null;
        }

        ReadOnlySpan<byte> s = source[at..];
        int entriesOffset = BinaryPrimitives.ReadInt32LittleEndian(s[8..]);
        int entriesBytes = BinaryPrimitives.ReadInt32LittleEndian(s[12..]);
        int recordCount = BinaryPrimitives.ReadInt32LittleEndian(s[16..]);
        int spanCount = BinaryPrimitives.ReadInt32LittleEndian(s[24..]);
        int gapCount = BinaryPrimitives.ReadInt32LittleEndian(s[28..]);
        var wall = new WallRange(new(BinaryPrimitives.ReadInt64LittleEndian(s[40..])), new(BinaryPrimitives.ReadInt64LittleEndian(s[48..])));
        if (spanCount < 0 || gapCount < 0 || entriesOffset < 0 || entriesBytes < 0 || recordCount < 0
            || (long)recordCount * RecordEntry.FixedBytes > entriesBytes || entriesOffset + (long)entriesBytes > indexBytes || !WallBounds.Contains(wall)
            || FixedBytes + ((long)spanCount * ChunkSpan.SizeBytes) + ((long)gapCount * GapBytes) > s.Length)
        {
            return null;
        }

        var spans = new ChunkSpan[spanCount];
        int p = FixedBytes;
        for (int i = 0; i < spanCount; i++, p += ChunkSpan.SizeBytes)
        {
            spans[i] = ChunkSpan.Read(s[p..]);
        }

        var gaps = new Gap[gapCount];
        for (int i = 0; i < gapCount; i++, p += GapBytes)
        {
            gaps[i] = new Gap(
                new WallRange(new(BinaryPrimitives.ReadInt64LittleEndian(s[p..])), new(BinaryPrimitives.ReadInt64LittleEndian(s[(p + 8)..]))),
                (GapCause)s[p + 16]);
        }

        if (Array.Exists(spans, x => !WallBounds.Contains(x.Wall)) || Array.Exists(gaps, x => !WallBounds.Contains(x.Range)))
        {
            return null;
        }

        at += p;
        return new StreamDirectory
        {
            Stream = new StreamId(BinaryPrimitives.ReadUInt64LittleEndian(s)),
            EntriesOffset = entriesOffset,
            EntriesBytes = entriesBytes,
            RecordCount = recordCount,
            EntriesChecksum = BinaryPrimitives.ReadUInt32LittleEndian(s[20..]),
            PayloadBytes = BinaryPrimitives.ReadInt64LittleEndian(s[32..]),
            Wall = wall,
            Spans = spans,
            Gaps = gaps,
        };
    }
}
