// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;
using Rookery.Storage;

namespace Rookery.Simulation;

/// <summary>Reads all that a store shows, the way a player would, and checks that its answers agree with each other.</summary>
internal static class StoreReading
{
    /// <summary>Where one record ends and the next begins is known to the jitter of capture times; a timeline may cut on either side of it.</summary>
    private static readonly TimeSpan Jitter = TimeSpan.FromMilliseconds(1);

    private static readonly WallRange Always = new(new WallTime(0), new WallTime(long.MaxValue / 2));

    public static async Task<ShownStore> ReadAllAsync(IVideoStore store, Losses losses = Losses.None)
    {
        List<ShownRecord> records = [];
        Dictionary<ulong, IReadOnlyList<Gap>> gaps = [];
        foreach (StreamId stream in store.Streams.Order())
        {
            int first = records.Count;
            await foreach (StoredRecord record in store.ReadRecordsAsync(stream, Always, CancellationToken.None).ConfigureAwait(false))
            {
                records.Add(new ShownRecord(record, await PayloadAsync(store, record).ConfigureAwait(false)));
            }

            if (losses == Losses.None && records.Count > first)
            {
                await CheckRandomAccessAsync(stream, store, records[first..]).ConfigureAwait(false);
            }

            gaps.Add(stream.Value, store.Gaps(stream, Always));
            CheckSpans(stream, store, records[first..], losses);
        }

        return new ShownStore(records, gaps, store.Format);
    }

    private static async Task<byte[]?> PayloadAsync(IVideoStore store, StoredRecord record)
    {
        byte[] payload = new byte[record.Location.LengthBytes];
        try
        {
            await store.ReadPayloadAsync(record.Location, 0, payload, CancellationToken.None).ConfigureAwait(false);
            return payload;
        }
        catch (RecordLostException)
        {
            return null;
        }
    }

    /// <summary>The search for a picture to start with must find what going through all records finds.</summary>
    private static async Task CheckRandomAccessAsync(StreamId stream, IVideoStore store, List<ShownRecord> records)
    {
        foreach (ShownRecord shown in (ShownRecord[])[records[0], records[records.Count / 2], records[^1]])
        {
            WallTime time = shown.Record.Wall.Start;
            StoredRecord? expected = records.Select(other => other.Record).LastOrDefault(other => other.StartsAtRandomAccess && other.Wall.Start <= time);
            StoredRecord? found = await store.FindRandomAccessAsync(stream, time, CancellationToken.None).ConfigureAwait(false);
            if (expected is not null && (found is null || found.Wall.Start < expected.Wall.Start || found.Wall.Start > time))
            {
                throw new SimulationException($"Stream {stream}: at {time} decoding can start in the record at {expected.Wall.Start}, but {found?.Wall.Start.ToString() ?? "nothing"} was found.");
            }
        }

        for (int i = 1; i < records.Count; i++)
        {
            if (records[i].Record.Wall.Start < records[i - 1].Record.Wall.Start)
            {
                throw new SimulationException($"Stream {stream}: records are not in the order of time at {records[i].Record.Wall.Start}.");
            }
        }
    }

    /// <summary>The timeline and the records must tell the same story.</summary>
    private static void CheckSpans(StreamId stream, IVideoStore store, List<ShownRecord> records, Losses losses)
    {
        IReadOnlyList<WallRange> spans = store.Spans(stream, Always, TimeSpan.Zero);
        for (int i = 1; i < spans.Count; i++)
        {
            if (spans[i].Start < spans[i - 1].End)
            {
                throw new SimulationException($"Stream {stream}: spans {spans[i - 1]} and {spans[i]} overlap or are out of order.");
            }
        }

        foreach (ShownRecord record in records)
        {
            if (!spans.Any(span => span.Start - Jitter <= record.Record.Wall.Start && record.Record.Wall.End <= span.End + Jitter))
            {
                throw new SimulationException($"Stream {stream}: the record at {record.Record.Wall} lies in no span.");
            }
        }

        foreach (WallRange span in spans)
        {
            if (losses == Losses.None && !records.Exists(record => record.Record.Wall.Overlaps(span)))
            {
                throw new SimulationException($"Stream {stream}: the span {span} has no record.");
            }
        }
    }
}
