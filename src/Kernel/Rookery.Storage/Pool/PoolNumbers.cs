// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Storage;

/// <summary>
/// Every number of the pool that never goes back. Generations and commit numbers carry the open epoch in front, so that no two openings ever give out the same, also when a disk that knew the
/// last ones is away.
/// </summary>
/// <remarks>Belongs to the pool's thread.</remarks>
internal sealed class PoolNumbers(IReadOnlyCollection<Superblock> roots)
{
    private ulong _commits;

    /// <summary>Grows by one each time the pool is opened.</summary>
    public ulong OpenEpoch { get; } = roots.Max(r => r.OpenEpoch) + 1;

    /// <summary>Number of the next chunk, for people. Unlike a generation it may be given twice when disks were away.</summary>
    public ulong NextChunk { get; private set; } = roots.Max(r => r.NextChunk);
    public ulong NextGeneration { get; private set; } = ((roots.Max(r => r.OpenEpoch) + 1) << 32) + 1;

    /// <summary>A new chunk.</summary>
    public (ulong Chunk, ulong Generation) TakeChunk() => (NextChunk++, NextGeneration++);

    /// <summary>For the next frame; see <see cref="FrameHeader.CommitNumber"/>. At a hundred frames a second the counter lasts 300 years, and the epochs last 16 million openings.</summary>
    public ulong TakeCommit() => (OpenEpoch << 40) + ++_commits;
}
