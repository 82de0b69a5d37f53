// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Storage;

/// <summary>The columns of a chunk as they are to be read.</summary>
/// <param name="Chunk">The chunk's number.</param>
/// <param name="Generation">The chunk's generation.</param>
/// <param name="Layout">D+P.</param>
/// <param name="Places">Where each column lies; <see cref="ColumnPlace.None"/> for one that is not to be had.</param>
internal readonly record struct ColumnSet(ulong Chunk, ulong Generation, ChunkLayout Layout, ColumnPlace[] Places)
{
    public static ColumnSet Of(Chunk chunk) => new(chunk.Id, chunk.Generation, chunk.Layout, chunk.Columns);
}
