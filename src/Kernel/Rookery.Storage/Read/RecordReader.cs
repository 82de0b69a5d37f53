// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>Turns record entries into <see cref="StoredRecord"/>s.</summary>
internal static class RecordReader
{
    /// <summary>The records of <paramref name="entries"/> that overlap <paramref name="range"/>, in the order in which they were written. A damaged entry ends them.</summary>
    public static List<StoredRecord> Parse(Chunk chunk, ReadOnlySpan<byte> entries, WallRange range)
    {
        var result = new List<StoredRecord>();
        int at = 0;
        while (at < entries.Length && RecordEntry.TryParse(entries[at..], out RecordEntry entry))
        {
            if (entry.Kind == RecordKind.Samples && entry.Wall.Start < range.End && range.Start < entry.Wall.End
                && TryMake(chunk, entry, entries.Slice(at, entry.EntryBytes)) is { } record)
            {
                result.Add(record);
            }

            at += entry.EntryBytes;
        }

        return result;
    }

    /// <summary>The last record that contains a random access point at or before <paramref name="time"/>; <c>null</c> when there is none in <paramref name="entries"/>.</summary>
    public static StoredRecord? FindRandomAccess(Chunk chunk, ReadOnlySpan<byte> entries, WallTime time)
    {
        StoredRecord? best = null;
        int at = 0;
        while (at < entries.Length && RecordEntry.TryParse(entries[at..], out RecordEntry entry))
        {
            if ((entry.Flags & RecordFlags.HasRandomAccess) != 0 && entry.Wall.Start <= time && (best is null || entry.Wall.Start >= best.Wall.Start)
                && TryMake(chunk, entry, entries.Slice(at, entry.EntryBytes)) is { } record && FirstRandomAccess(record) <= time)
            {
                best = record;
            }

            at += entry.EntryBytes;
        }

        return best;
    }

    private static WallTime FirstRandomAccess(StoredRecord record)
    {
        long units = 0;
        foreach (ref readonly StoredSample sample in record.Samples.Span)
        {
            units += sample.DecodeDelta;
            if ((sample.Flags & SampleFlags.RandomAccess) != 0)
            {
                break;
            }
        }

        // A delta may name days; what lies beyond any record's length is a clock that jumped.
        return record.Wall.Start + TimeSpan.FromSeconds(Math.Min((double)units / record.Timescale, 86_400));
    }

    private static StoredRecord? TryMake(Chunk chunk, in RecordEntry entry, ReadOnlySpan<byte> bytes)
    {
        var samples = new StoredSample[entry.SampleCount];
        return !SampleTable.TryRead(bytes[RecordEntry.FixedBytes..], samples, entry.PayloadBytes) ? null : new StoredRecord
        {
            Stream = entry.Stream,
            Epoch = entry.Epoch,
            Run = entry.Run,
            Sequence = entry.Sequence,
            Wall = entry.Wall,
            DecodeTime = entry.DecodeTime,
            Timescale = entry.Timescale,
            Format = entry.Format,
            Location = new RecordLocation(
                chunk.Id, chunk.Generation, entry.Payload.FrameOffset, entry.Payload.PartBytes, entry.Payload.ContentOffset, entry.PayloadBytes, entry.PayloadChecksum),
            Samples = samples,
        };
    }
}
