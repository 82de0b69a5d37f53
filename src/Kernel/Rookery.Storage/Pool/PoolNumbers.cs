// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Storage;

/// <summary>
/// Every number of the pool that never goes back. Generations, commit numbers and run numbers carry the open epoch in front, so they grow from one opening to the next one that sees a disk of it.
/// Behind it they begin at a number that each opening draws: two openings on disks that never saw each other have the same epoch, and yet give out different numbers.
/// </summary>
/// <remarks>
/// 27 bits of epoch last 134 million openings, four years of a process that dies each second. 36 bits of counter, half of them drawn, last ten years of one opening at a hundred frames a second. That two halves
/// of a pool with a thousand chunks each give out the same generation has a chance of one to seventeen million. All stay below 2^63, which is what SQLite sorts.
/// Belongs to the pool's thread, but for <see cref="TakeRun"/> and <see cref="IsOfThisOpening"/>.
/// </remarks>
internal sealed class PoolNumbers
{
    /// <summary>Bits of a number below the epoch.</summary>
    public const int CounterBits = 36;

    /// <summary>An open epoch is less than this.</summary>
    public const ulong EpochEnd = 1UL << (63 - CounterBits);

    private readonly ulong _first;
    private ulong _nextGeneration;
    private ulong _commits;
    private ulong _runs;

    /// <param name="roots">The superblocks of the disks that are here.</param>
    /// <param name="drawn">Any number, of which nobody knows the one that another opening drew.</param>
    public PoolNumbers(IReadOnlyCollection<Superblock> roots, ulong drawn)
    {
        OpenEpoch = roots.Max(r => r.OpenEpoch) + 1;
        NextChunk = roots.Max(r => r.NextChunk);
        _first = (OpenEpoch << CounterBits) + (drawn % (1UL << (CounterBits - 1))) + 1;
        _nextGeneration = _commits = _runs = _first;
    }

    /// <summary>One more than that of any opening that a disk here has seen.</summary>
    public ulong OpenEpoch { get; }

    /// <summary>Number of the next chunk, for people. Unlike a generation it may be given twice when disks were away.</summary>
    public ulong NextChunk { get; private set; }
    public ulong NextGeneration => Volatile.Read(ref _nextGeneration);

    /// <summary>A new chunk.</summary>
    public (ulong Chunk, ulong Generation) TakeChunk()
    {
        ulong generation = _nextGeneration;
        Volatile.Write(ref _nextGeneration, generation + 1);
        return (NextChunk++, generation);
    }

    /// <summary>For the next frame; see <see cref="FrameHeader.CommitNumber"/>.</summary>
    public ulong TakeCommit() => _commits++;

    /// <summary>For the next run of any stream: grows within a stream. Any thread.</summary>
    public ulong TakeRun() => Interlocked.Increment(ref _runs);

    /// <summary>This opening gave out the generation. Any thread.</summary>
    public bool IsOfThisOpening(ulong generation) => generation >= _first && generation < NextGeneration;
}
