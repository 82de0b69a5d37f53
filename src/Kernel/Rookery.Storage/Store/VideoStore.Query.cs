// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Runtime.CompilerServices;
using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>Queries: spans and gaps from memory, records from footers.</summary>
public sealed partial class VideoStore
{
    /// <summary>How far back a random access point is looked for at first: a stream of a month has a hundred thousand chunks, and nearly always the answer lies in the last.</summary>
    private static readonly TimeSpan[] SearchBack = [TimeSpan.FromSeconds(30), TimeSpan.FromHours(1)];

    public IReadOnlyList<WallRange> Spans(StreamId stream, WallRange range, TimeSpan resolution) =>
        _state.Streams.Find(stream)?.Spans(range, resolution) ?? [];

    public IReadOnlyList<Gap> Gaps(StreamId stream, WallRange range) => _state.Streams.Find(stream)?.Gaps(range) ?? [];

    public ReadOnlyMemory<byte>? Format(FormatId id) => _state.Formats.Find(id);

    /// <inheritdoc/>
    /// <remarks>A chunk whose index is damaged, or that retention frees meanwhile, is left out: the records around it still come.</remarks>
    public async IAsyncEnumerable<StoredRecord> ReadRecordsAsync(StreamId stream, WallRange range, [EnumeratorCancellation] CancellationToken cancellation)
    {
        List<ChunkReference> chunks = _state.Streams.Find(stream)?.Chunks(range) ?? [];
        var waiting = new PriorityQueue<StoredRecord, (WallTime Start, ulong Run, uint Sequence)>();
        (ulong Run, uint Sequence)? last = null;
        for (int next = 0; next < chunks.Count || waiting.Count > 0;)
        {
            cancellation.ThrowIfCancellationRequested();
            // A chunk that was resumed after a stop may enclose others: a record goes out when no chunk is left that begins before it.
            if (next < chunks.Count && (!waiting.TryPeek(out _, out (WallTime Start, ulong, uint) first) || chunks[next].Wall.Start <= first.Start))
            {
                Chunk chunk = chunks[next++].Chunk;
                foreach (StoredRecord found in RecordReader.Parse(chunk, await EntriesAsync(chunk, stream), range))
                {
                    waiting.Enqueue(found, (found.Wall.Start, found.Run, found.Sequence));
                }

                continue;
            }

            StoredRecord record = waiting.Dequeue();
            // A chunk that lost its footer may show a frame again that failed there and was written anew.
            if (last != (record.Run, record.Sequence))
            {
                last = (record.Run, record.Sequence);
                yield return record;
            }
        }
    }

    public async ValueTask<StoredRecord?> FindRandomAccessAsync(StreamId stream, WallTime time, CancellationToken cancellation)
    {
        if (_state.Streams.Find(stream) is not { } index)
        {
            return null;
        }

        WallTime end = time == WallTime.MaxValue ? time : new WallTime(time.Microseconds + 1);
        foreach (TimeSpan back in SearchBack)
        {
            WallTime from = time > WallTime.MinValue + back ? time - back : WallTime.MinValue;
            // One that begins later than what was looked through would have been found there.
            if (await FindRandomAccessAsync(index.Chunks(new WallRange(from, end)), stream, time, cancellation) is { } record && record.Wall.Start >= from)
            {
                return record;
            }
        }

        return await FindRandomAccessAsync(index.Chunks(new WallRange(WallTime.MinValue, end)), stream, time, cancellation);
    }

    private async ValueTask<StoredRecord?> FindRandomAccessAsync(List<ChunkReference> chunks, StreamId stream, WallTime time, CancellationToken cancellation)
    {
        StoredRecord? best = null;
        for (int i = chunks.Count - 1; i >= 0; i--)
        {
            cancellation.ThrowIfCancellationRequested();
            // A chunk that begins earlier may still end later: one that was resumed after a stop.
            if ((best is null || chunks[i].Wall.End > best.Wall.Start)
                && await EntriesAsync(chunks[i].Chunk, stream) is { } entries
                && RecordReader.FindRandomAccess(chunks[i].Chunk, entries, time) is { } record
                && (best is null || record.Wall.Start > best.Wall.Start))
            {
                best = record;
            }
        }

        return best;
    }

    /// <summary>The record entries of a stream in a chunk; <c>null</c> when they cannot be had.</summary>
    private async ValueTask<byte[]?> EntriesAsync(Chunk chunk, StreamId stream)
    {
        if (chunk.OpenSections is { } sections)
        {
            return sections.CopyEntries(stream);
        }

        if (!chunk.TryPin())
        {
            return null;
        }

        try
        {
            return _state.Footers.IsCached(chunk, stream)
                ? _state.Footers.Entries(chunk, stream)
                : _state.ThreadsFor(chunk) is { } threads ? await threads.RunAsync(() => _state.Footers.Entries(chunk, stream), CancellationToken.None) : null;
        }
        catch (RecordLostException)
        {
            return null;
        }
        finally
        {
            chunk.Unpin();
        }
    }
}
