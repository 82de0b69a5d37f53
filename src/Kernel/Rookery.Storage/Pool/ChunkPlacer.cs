// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Storage;

/// <summary>Puts columns on disks of the pool, as <see cref="ColumnPlacement"/> decides. Belongs to the pool's thread.</summary>
/// <param name="chunks">Knows what shares chunks.</param>
internal sealed class ChunkPlacer(ChunkTable chunks)
{
    private readonly PlacementDues _dues = new();

    /// <summary>The disks for the columns of a new chunk; <c>null</c> when there are too few.</summary>
    /// <param name="disks">Disks that can take a column.</param>
    /// <param name="columns">How many.</param>
    /// <param name="generation">The chunk's.</param>
    public PoolDisk[]? ForChunk(IReadOnlyList<PoolDisk> disks, int columns, ulong generation) => Choose(disks, columns, generation, kept: []);

    /// <summary>The disk for a column that is rebuilt; <c>null</c> when there is none.</summary>
    /// <param name="disks">Disks that can take a column.</param>
    /// <param name="chunk">The chunk.</param>
    /// <param name="column">Which column.</param>
    public PoolDisk? ForColumn(IReadOnlyList<PoolDisk> disks, Chunk chunk, int column) =>
        Choose(disks, 1, chunk.Generation + (ulong)column, [.. chunk.Columns.Where((c, i) => i != column && !c.IsNone).Select(static c => c.Disk)])?[0];

    private PoolDisk[]? Choose(IReadOnlyList<PoolDisk> disks, int columns, ulong sequence, int[] kept)
    {
        PlacementDisk[] usable = [.. disks.Where(d => !kept.Contains(d.Number)).Select(static d => new PlacementDisk(d.Number, d.Ledger.FreeCount))];
        int[] chosen = new int[columns];
        if (!ColumnPlacement.TryChoose(usable, chunks.Pairs, _dues, sequence, kept, chosen))
        {
            return null;
        }

        _dues.Placed(usable, chosen);
        return Array.ConvertAll(chosen, number => disks.First(d => d.Number == number));
    }
}
