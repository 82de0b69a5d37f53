// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Simulation;

/// <summary>The images that a crash of a machine can leave on all of its disks, made from the log of a run: every one of a small set, a choice from a large one.</summary>
/// <remarks>
/// Walk it forward: <see cref="MoveTo"/> a boundary, then ask for <see cref="Images"/>. Two things are free at an instant: how far each job had come of those that were under way side by side
/// (<see cref="DiskJournal"/>), and for each disk what of its cache had reached the medium (<see cref="CrashImages"/>).
/// </remarks>
public sealed class PoolImages
{
    private const int ImagesPerDisk = 5;

    private readonly SimulatedPool _pool;
    private readonly CrashImages[] _settled;
    private readonly int[] _low;
    private readonly int[] _here;
    private readonly int[] _high;
    private int _settledTo;
    private int _nextBatch;

    /// <param name="pool">The disks and their logs.</param>
    /// <param name="sectorBytes">What is atomic: 512 or 4096.</param>
    public PoolImages(SimulatedPool pool, int sectorBytes)
    {
        _pool = pool;
        _settled = [.. pool.Disks.Select(d => new CrashImages(d.Initial, d.Log, sectorBytes))];
        _low = new int[_settled.Length];
        _here = new int[_settled.Length];
        _high = new int[_settled.Length];
    }

    /// <summary>How many events, over all disks, lie before the crash.</summary>
    public int Boundary { get; private set; }

    /// <summary>Goes on to a later boundary.</summary>
    public void MoveTo(int boundary)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(boundary, Boundary);
        IReadOnlyList<DiskJournal.Batch> batches = _pool.Journal.Batches;
        while (_nextBatch < batches.Count && batches[_nextBatch].End <= boundary)
        {
            _nextBatch++;
        }

        (int start, int end) = _nextBatch < batches.Count && batches[_nextBatch] is var batch && batch.Start < boundary ? (batch.Start, batch.End) : (boundary, boundary);
        for (; _settledTo < start; _settledTo++)
        {
            _low[_pool.Journal.Events[_settledTo]]++;
        }

        Count(start, boundary, _here);
        Count(start, end, _high);
        for (int disk = 0; disk < _settled.Length; disk++)
        {
            _settled[disk].MoveTo(_low[disk]);
        }

        Boundary = boundary;
    }

    /// <summary>Images, one for each disk, that a crash here can leave: at most about <paramref name="limit"/>.</summary>
    public IEnumerable<DiskImage[]> Images(int limit, Random random)
    {
        List<int[]> progress = Progress(Math.Max(1, limit / 2), random);
        foreach (int[] at in progress)
        {
            Func<DiskImage>[][] each = [.. _settled.Select((disk, number) => disk.At(at[number]).Choices(ImagesPerDisk, random).ToArray())];
            foreach (DiskImage[] chosen in Choose(each, Math.Max(1, limit / progress.Count), random))
            {
                yield return chosen;
            }
        }
    }

    /// <summary>What stands on the disks when nothing of the caches is lost.</summary>
    public DiskImage[] Kept() => [.. _settled.Select((disk, number) => disk.At(_here[number]).Kept())];

    /// <summary>How far each disk may have come: in the order of the log, all others as far as they can be, all others not begun, and any.</summary>
    private List<int[]> Progress(int limit, Random random)
    {
        List<int[]> progress = [[.. _here]];
        if (_low.Zip(_high).Count(p => p.First != p.Second) < 2)
        {
            return progress;
        }

        int last = _pool.Journal.Events[Boundary - 1];
        progress.Add([.. _high.Select((high, disk) => disk == last ? _here[disk] : high)]);
        progress.Add([.. _low.Select((low, disk) => disk == last ? _here[disk] : low)]);
        while (progress.Count < limit)
        {
            progress.Add([.. _low.Zip(_high, (low, high) => random.Next(low, high + 1))]);
        }

        // A small choice takes any of them.
        return limit >= 3 ? progress : [.. progress.OrderBy(_ => random.Next()).Take(limit)];
    }

    private static IEnumerable<DiskImage[]> Choose(Func<DiskImage>[][] each, int limit, Random random)
    {
        long all = each.Aggregate(1L, (product, images) => Math.Min(1 << 20, product * images.Length));
        for (long number = 0; number < Math.Min(all, limit); number++)
        {
            long left = number;
            yield return [.. each.Select(images =>
            {
                // All combinations in turn when that is not too many; else the extremes, then any.
                long pick = all <= limit ? left % images.Length : number switch { 0 => 0, 1 => Math.Min(1, images.Length - 1), _ => random.Next(images.Length) };
                left /= images.Length;
                return images[pick]();
            })];
        }
    }

    private void Count(int from, int to, int[] counts)
    {
        _low.CopyTo(counts, 0);
        for (int i = from; i < to; i++)
        {
            counts[_pool.Journal.Events[i]]++;
        }
    }
}
