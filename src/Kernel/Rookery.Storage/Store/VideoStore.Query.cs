// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Runtime.CompilerServices;
using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>Queries: spans and gaps from memory, records from footers.</summary>
public sealed partial class VideoStore
{
    public IReadOnlyList<WallRange> Spans(StreamId stream, WallRange range, TimeSpan resolution) =>
        _state.Streams.Find(stream)?.Spans(range, resolution) ?? [];

    public IReadOnlyList<Gap> Gaps(StreamId stream, WallRange range) => _state.Streams.Find(stream)?.Gaps(range) ?? [];

    public ReadOnlyMemory<byte>? Format(FormatId id) => _state.Formats.Find(id);

    /// <inheritdoc/>
    /// <remarks>A chunk whose index is damaged, or that retention frees meanwhile, is left out: the records around it still come.</remarks>
    public async IAsyncEnumerable<StoredRecord> ReadRecordsAsync(StreamId stream, WallRange range, [EnumeratorCancellation] CancellationToken cancellation)
    {
        (ulong Run, uint Sequence)? last = null;
        foreach (ChunkReference reference in _state.Streams.Find(stream)?.Chunks(range) ?? [])
        {
            cancellation.ThrowIfCancellationRequested();
            if (await EntriesAsync(reference.Chunk, stream) is not { } entries)
            {
                continue;
            }

            foreach (StoredRecord record in RecordReader.Parse(reference.Chunk, entries, range))
            {
                // After a failed flush a frame may be on the disk twice: once where it failed, and once where it was written anew.
                if (last is { } l && l.Run == record.Run && record.Sequence <= l.Sequence)
                {
                    continue;
                }

                last = (record.Run, record.Sequence);
                yield return record;
            }
        }
    }

    public async ValueTask<StoredRecord?> FindRandomAccessAsync(StreamId stream, WallTime time, CancellationToken cancellation)
    {
        List<ChunkReference> chunks = _state.Streams.Find(stream)?.Chunks(new WallRange(WallTime.MinValue, time == WallTime.MaxValue ? time : new WallTime(time.Microseconds + 1))) ?? [];
        for (int i = chunks.Count - 1; i >= 0; i--)
        {
            cancellation.ThrowIfCancellationRequested();
            if (await EntriesAsync(chunks[i].Chunk, stream) is { } entries && RecordReader.FindRandomAccess(chunks[i].Chunk, entries, time) is { } record)
            {
                return record;
            }
        }

        return null;
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
            return _state.Options.IsManual || _state.Footers.IsCached(chunk, stream)
                ? _state.Footers.Entries(chunk, stream)
                : await Task.Run(() => _state.Footers.Entries(chunk, stream));
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
