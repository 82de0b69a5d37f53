// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Numerics;
using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>
/// Reads sealed chunks, the one that was not verified longest first, and checks every part of every column. What is damaged is rebuilt, and counted. Slowly what is due; or, when somebody asks
/// for it, everything in one go.
/// </summary>
/// <remarks>One task verifies; start, stop and status may come from any thread.</remarks>
internal sealed class ChunkScrubber(StoreState state)
{
    /// <summary>What was just written is not looked at: it costs the disk a second pass over everything, and hardly anything rots in hours.</summary>
    private static readonly TimeSpan FirstAfter = TimeSpan.FromDays(1);

    /// <summary>A small pool is not gone through over and over.</summary>
    private static readonly TimeSpan Period = TimeSpan.FromDays(7);

    /// <summary>When each chunk was verified: what a start forgets is verified again.</summary>
    private readonly Dictionary<ulong, MonotonicTime> _verified = [];

    /// <summary>What is left of a verification of everything.</summary>
    private readonly Queue<Chunk> _asked = new();
    private readonly WorkPace _pace = new();
    private volatile bool _isRestart;
    private volatile bool _isFast;
    private volatile Progress _progress = new(0, 0, null);

    private sealed record Progress(int Done, int Chunks, WallTime? Completed);

    /// <summary>What may be read now. Below zero, because a chunk is read whole: then that much is waited for.</summary>
    private long _budgetBytes;

    /// <summary>Everything is to be verified now.</summary>
    public bool IsFast => _isFast;

    public ScrubStatus Status
    {
        get
        {
            Progress now = _progress;
            return new ScrubStatus(
                now.Done, now.Chunks, _isFast, _isFast ? _pace.TimeFor(now.Chunks - now.Done, MonotonicTime.Now(state.Clock)) : null, now.Completed, state.Repairs.Found);
        }
    }

    /// <summary>Verifies everything, from the beginning.</summary>
    public void Start()
    {
        _isRestart = true;
        _isFast = true;
    }

    /// <summary>Leaves the rest to its time.</summary>
    public void Stop() => _isFast = false;

    /// <summary>Goes on with what <see cref="Start"/> began.</summary>
    /// <param name="portionBytes">Stops behind the chunk that goes beyond it.</param>
    /// <param name="pace">Told after each frame how many bytes were read; waits.</param>
    /// <param name="cancellation">Stops between frames.</param>
    public async Task ScrubAskedAsync(long portionBytes, Func<long, ValueTask> pace, CancellationToken cancellation)
    {
        if (_isRestart)
        {
            _isRestart = false;
            _asked.Clear();
            state.Chunks.Sealed().ForEach(_asked.Enqueue);
            _progress = _progress with { Done = 0, Chunks = _asked.Count };
        }

        while (portionBytes > 0 && _isFast && !_isRestart && _asked.TryDequeue(out Chunk? chunk))
        {
            portionBytes -= await ScrubAsync(chunk, pace, cancellation);
            _pace.Add(1, MonotonicTime.Now(state.Clock));
            _progress = _progress with { Done = _progress.Done + 1 };
        }

        if (_asked.Count == 0 && !_isRestart)
        {
            _isFast = false;
            _progress = _progress with { Completed = WallTime.Now(state.Clock) };
        }
    }

    /// <summary>Verifies the chunks that are due.</summary>
    /// <param name="budgetBytes">What may be read more than so far.</param>
    /// <param name="pace">Told after each frame how many bytes were read; waits.</param>
    /// <param name="cancellation">Stops between frames.</param>
    public async Task ScrubAsync(long budgetBytes, Func<long, ValueTask> pace, CancellationToken cancellation)
    {
        _budgetBytes = Math.Min(_budgetBytes + budgetBytes, budgetBytes);
        if (_budgetBytes <= 0)
        {
            return;
        }

        List<Chunk> chunks = state.Chunks.Sealed();
        HashSet<ulong> known = [.. chunks.Select(c => c.Generation)];
        foreach (ulong gone in _verified.Keys.Where(generation => !known.Contains(generation)).ToList())
        {
            _verified.Remove(gone);
        }

        WallTime now = WallTime.Now(state.Clock);
        List<Chunk> due = [.. chunks.Where(c => IsDue(c, now)).OrderBy(c => _verified.GetValueOrDefault(c.Generation)).ThenBy(c => c.CommitNumber)];
        _progress = _progress with { Done = chunks.Count - due.Count, Chunks = chunks.Count };
        foreach (Chunk chunk in due)
        {
            if (_budgetBytes <= 0)
            {
                return;
            }

            _budgetBytes -= await ScrubAsync(chunk, pace, cancellation);
            _progress = _progress with { Done = _progress.Done + 1 };
        }
    }

    /// <summary>Verifies all chunks, due or not.</summary>
    public async Task ScrubAllAsync(CancellationToken cancellation)
    {
        foreach (Chunk chunk in state.Chunks.Sealed())
        {
            await ScrubAsync(chunk, static _ => ValueTask.CompletedTask, cancellation);
        }
    }

    /// <remarks>A group of disks is verified when it is its turn to be awake.</remarks>
    private bool IsDue(Chunk chunk, WallTime now) =>
        !state.IsIdle(chunk) && (_verified.TryGetValue(chunk.Generation, out MonotonicTime at) ? MonotonicTime.Now(state.Clock) - at >= Period : now - chunk.Committed.End >= FirstAfter);

    private async Task<long> ScrubAsync(Chunk chunk, Func<long, ValueTask> pace, CancellationToken cancellation)
    {
        if (!chunk.TryPin())
        {
            return 0;
        }

        try
        {
            ColumnSet set = ColumnSet.Of(chunk);
            var walker = new FrameWalker(state.Disks, state.Reader, set, state.ZoneBytes);
            ulong here = 0;
            for (int column = 0; column < set.Layout.Columns; column++)
            {
                here |= state.Disks.Find(set.Places[column].Disk) is null ? 0 : 1UL << column;
            }

            ulong bad = 0;
            while (walker.NextFrame < chunk.FrameCount && walker.Next() is { } frame)
            {
                cancellation.ThrowIfCancellationRequested();
                ulong good = walker.Verify(frame, out _);
                good = BitOperations.PopCount(good) < set.Layout.DataColumns && walker.Instead(frame) is { } other ? walker.Verify(other, out _) : good;
                bad |= here & ~good;
                await pace(frame.Part.PartBytes * (long)set.Layout.Columns);
            }

            bad |= BadFooters(chunk, set, here);
            state.CountBad(chunk, bad);

            _verified[chunk.Generation] = MonotonicTime.Now(state.Clock);
            return walker.Position * set.Layout.Columns;
        }
        finally
        {
            chunk.Unpin();
        }
    }

    private ulong BadFooters(Chunk chunk, in ColumnSet set, ulong here)
    {
        ulong bad = 0;
        for (int column = 0; column < set.Layout.Columns; column++)
        {
            if ((here >> column & 1) == 0)
            {
                continue;
            }

            ColumnPlace place = set.Places[column];
            bool isWhole = false;
            try
            {
                isWhole = state.Footers.ReadTail(state.Disks.Find(place.Disk)!, place.Zone) is { } read && read.Tail.Trailer.Generation == chunk.Generation
                    && IsIndexWhole(set, column, read.Tail.Trailer);
            }
            catch (DeviceException)
            {
                // Rebuilt elsewhere.
            }

            bad |= isWhole ? 0 : 1UL << column;
        }

        return bad;
    }

    private bool IsIndexWhole(in ColumnSet set, int column, in ChunkTrailer trailer)
    {
        byte[] part = new byte[trailer.IndexPartBytes(state.ZoneBytes)];
        return state.Reader.TryReadColumn(set, column, trailer.FooterStart, part) && PartHeader.TryParse(part, out PartHeader header) && header.Kind == FrameKind.Index
            && header.Generation == set.Generation && header.IsWhole(part);
    }
}
