// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>
/// The chunks of one write head, numbered in the order in which they became known. A stream that goes on through a thousand chunks then says so in two numbers
/// (<see cref="ReferenceRun"/>), and not a thousand times.
/// </summary>
/// <remarks>Safe for any thread. A chunk costs 8 bytes here, until it is freed.</remarks>
internal sealed class ChunkOrder
{
    /// <summary>Freed chunks are let go of after so many new ones, and not before as many as an eighth of all: the cost of looking for them stays the same for each chunk.</summary>
    private const int LeastBetweenSweeps = 64;

    private readonly Lock _gate = new();
    private readonly List<Chunk?> _chunks = [];
    private int _first;
    private int _sinceSweep;

    /// <summary>The number of a chunk, given when it is asked for first.</summary>
    public int NumberOf(Chunk chunk)
    {
        lock (_gate)
        {
            if (chunk.Order < _first || chunk.Order - _first >= _chunks.Count || !ReferenceEquals(_chunks[chunk.Order - _first], chunk))
            {
                SweepFreed();
                chunk.Order = _first + _chunks.Count;
                _chunks.Add(chunk);
            }

            return chunk.Order;
        }
    }

    /// <summary>The chunk of that number; <c>null</c> when it was freed.</summary>
    public Chunk? Find(int number)
    {
        lock (_gate)
        {
            return At(number);
        }
    }

    /// <summary>The chunks of a run whose time may overlap <paramref name="range"/>.</summary>
    public void Overlapping(in ReferenceRun run, WallRange range, List<ChunkReference> found)
    {
        lock (_gate)
        {
            for (int number = FirstEndingAfter(run, range.Start); number <= run.Last; number++)
            {
                if (At(number) is not { } chunk)
                {
                    continue;
                }

                WallRange wall = run.WallOf(chunk);
                if (wall.Start >= range.End)
                {
                    return;
                }

                if (wall.End > range.Start)
                {
                    found.Add(new ChunkReference(chunk, wall));
                }
            }
        }
    }

    /// <summary>Within a run the chunks lie in the order of time, so the first one is found by halving. One that was freed is passed over.</summary>
    private int FirstEndingAfter(in ReferenceRun run, WallTime time)
    {
        int low = run.First;
        int high = run.Last + 1;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            int known = middle;
            while (known > low && At(known) is null)
            {
                known--;
            }

            if (At(known) is { } chunk && run.WallOf(chunk).End > time)
            {
                high = known;
            }
            else
            {
                low = middle + 1;
            }
        }

        return low;
    }

    private Chunk? At(int number) => number >= _first && number - _first < _chunks.Count ? _chunks[number - _first] : null;

    private void SweepFreed()
    {
        if (++_sinceSweep < Math.Max(LeastBetweenSweeps, _chunks.Count / 8))
        {
            return;
        }

        _sinceSweep = 0;
        for (int i = 0; i < _chunks.Count; i++)
        {
            _chunks[i] = _chunks[i]?.State == ChunkState.Freed ? null : _chunks[i];
        }

        int gone = _chunks.FindIndex(static chunk => chunk is not null);
        gone = gone < 0 ? _chunks.Count : gone;
        _chunks.RemoveRange(0, gone);
        _first += gone;
    }
}
