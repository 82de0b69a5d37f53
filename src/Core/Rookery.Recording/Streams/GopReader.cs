// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;
using Rookery.Media;
using Rookery.Recording.Playback;
using Rookery.Storage;

namespace Rookery.Recording;

/// <summary>Reads the beginning of the present group of pictures back from the store, for a viewer who has just come.</summary>
/// <remarks>
/// The cache remembers track, decode time and size of each access unit; what is read must be exactly that, or it is not shown. The store is asked by time of capture, and may answer
/// with the end of an earlier session, whose decode times mean nothing here: only the newest run that was asked for counts.
/// </remarks>
internal sealed class GopReader(IVideoStore store, TimeProvider clock, ChannelId channel)
{
    /// <summary>A viewer would rather begin at the next random access point than wait longer: 1 s, the usual distance of two.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    /// <summary>Capture times within a record are approximate where pictures are reordered.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromMilliseconds(500);

    /// <summary>Reads under way at one time, 16. On a disk that hangs they last as long as it does, and each may hold some megabytes.</summary>
    private const int AtOneTime = 16;

    private int _underWay;

    /// <summary>The latest read that was too late for its viewer. Throws nothing.</summary>
    public Task Late { get; private set; } = Task.CompletedTask;

    /// <returns>The access units, each with a reference of its own; <c>null</c> when they cannot be had, all of them, in time.</returns>
    public async Task<StreamItem[]?> TryReadAsync(MissingPart missing, CancellationToken cancellation)
    {
        if (Interlocked.Increment(ref _underWay) > AtOneTime)
        {
            Interlocked.Decrement(ref _underWay);
            return null;
        }

        using CancellationTokenSource limit = new(Limit, clock);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        Task<StreamItem[]?> reading = ReadAsync(missing, either.Token);
        try
        {
            return await reading.WaitAsync(either.Token);
        }
        catch (OperationCanceledException)
        {
            // A read that is at the disk cannot be called back, and a disk may hang: what it gives in the end is given back then.
            Late = GiveBackAsync(reading);
            cancellation.ThrowIfCancellationRequested();
            return null;
        }
    }

    private static async Task GiveBackAsync(Task<StreamItem[]?> reading) => Release(await reading ?? []);

    /// <summary>Ends with <c>null</c> whatever is wrong.</summary>
    private async Task<StreamItem[]?> ReadAsync(MissingPart missing, CancellationToken cancellation)
    {
        StreamItem[] items = [.. missing.Items];
        bool isWhole = false;
        try
        {
            isWhole = await FillAsync(items, missing.Pool, cancellation);
        }
#pragma warning disable CA1031 // Whatever is wrong with the store, live view goes on without it: the next random access point is never far.
        catch (Exception)
        {
        }
#pragma warning restore CA1031
        finally
        {
            Interlocked.Decrement(ref _underWay);
            if (!isWhole)
            {
                Release(items);
            }
        }

        return isWhole ? items : null;
    }

    private static void Release(StreamItem[] items)
    {
        foreach (StreamItem item in items)
        {
            item.Unit.Data.Block?.Release();
        }
    }

    private async Task<bool> FillAsync(StreamItem[] items, BlockPool pool, CancellationToken cancellation)
    {
        foreach (int track in items.Select(item => item.Track).Distinct())
        {
            int[] wanted = [.. Enumerable.Range(0, items.Length).Where(i => items[i].Track == track)];
            int filled = 0;
            foreach (PlannedChunk chunk in await FindAsync(items[wanted[0]], items[wanted[^1]], cancellation))
            {
                if (!Matches(chunk, items, wanted.AsSpan(filled)) || pool.IsShort || pool.TryRent(chunk.LengthBytes) is not { } block)
                {
                    return false;
                }

                try
                {
                    await store.ReadPayloadAsync(chunk.Record.Location, chunk.OffsetBytes, block.Memory[..chunk.LengthBytes], cancellation);
                    Share(block, items, wanted.AsSpan(filled, chunk.SampleCount));
                    filled += chunk.SampleCount;
                }
                finally
                {
                    block.Release();
                }
            }

            if (filled < wanted.Length)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Where the samples from one to another lie, in the newest run.</summary>
    private async Task<List<PlannedChunk>> FindAsync(StreamItem first, StreamItem last, CancellationToken cancellation)
    {
        List<PlannedChunk> chunks = [];
        StreamId stream = new TrackKey(channel, StreamRole.Main, (byte)first.Track).ToStreamId();
        await foreach (StoredRecord record in store.ReadRecordsAsync(stream, new(first.Wall - Margin, last.Wall + Margin), cancellation))
        {
            if (RecordCursor.Slice(record, first.Format, first.Unit.DecodeTime, last.Unit.DecodeTime + 1, timeOffset: 0, first.Track, section: 0) is { } chunk)
            {
                if (chunks.Count > 0 && chunks[^1].Record.Run != record.Run)
                {
                    chunks.Clear();
                }

                chunks.Add(chunk);
            }
        }

        return chunks;
    }

    private static bool Matches(PlannedChunk chunk, StreamItem[] items, ReadOnlySpan<int> wanted)
    {
        ReadOnlySpan<StoredSample> samples = chunk.Samples;
        if (samples.Length > wanted.Length)
        {
            return false;
        }

        long time = chunk.DecodeTime;
        for (int i = 0; i < samples.Length; i++)
        {
            time += i == 0 ? 0 : samples[i].DecodeDelta;
            AccessUnit unit = items[wanted[i]].Unit;
            if (unit.DecodeTime != time || unit.Data.Length != samples[i].SizeBytes)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>All in one block, a reference each.</summary>
    private static void Share(Block block, StreamItem[] items, ReadOnlySpan<int> indexes)
    {
        int offset = 0;
        foreach (int i in indexes)
        {
            AccessUnit unit = items[i].Unit;
            block.AddReference();
            items[i] = items[i] with { Unit = unit with { Data = new BlockSlice(block, offset, unit.Data.Length) } };
            offset += unit.Data.Length;
        }
    }
}
