// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Buffers.Binary;
using Rookery.Storage;

namespace Rookery.Simulation;

/// <summary>
/// Which columns of which chunk lie on which disk, read from the disks themselves by the page of the format (docs/formats/video-store.md, "Part header" and "Trailer") and not by the store's code: so a checker knows
/// by itself how much damage a chunk has to bear.
/// </summary>
internal sealed class ColumnMap
{
    private readonly Dictionary<ulong, Columns> _chunks = [];
    private readonly HashSet<(ulong Generation, int Disk)> _sealed = [];

    private const int TrailerBytes = 128;

    private sealed record Columns(int Data, int Parity)
    {
        /// <summary>A column that was rebuilt stands on two disks.</summary>
        public Dictionary<int, HashSet<int>> DisksOf { get; } = [];
    }

    /// <summary>Adds what stands on a disk.</summary>
    public void Add(int disk, DiskImage image)
    {
        foreach (int page in image.WrittenPages())
        {
            ReadOnlySpan<byte> bytes = image[page];
            if (bytes[^TrailerBytes..].StartsWith("RKTRAIL1"u8))
            {
                _sealed.Add((BinaryPrimitives.ReadUInt64LittleEndian(bytes[^(TrailerBytes - 16)..]), disk));
            }

            if (!bytes.StartsWith("RKPT"u8) || bytes[6] != 1)
            {
                continue;
            }

            ulong generation = BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..]);
            if (!_chunks.TryGetValue(generation, out Columns? columns))
            {
                _chunks.Add(generation, columns = new Columns(bytes[8], bytes[9]));
            }

            if (!columns.DisksOf.TryGetValue(bytes[7], out HashSet<int>? disks))
            {
                columns.DisksOf.Add(bytes[7], disks = []);
            }

            disks.Add(disk);
        }
    }

    /// <summary>Adds what another one knows.</summary>
    public void Add(ColumnMap other)
    {
        _sealed.UnionWith(other._sealed);
        foreach ((ulong generation, Columns known) in other._chunks)
        {
            if (!_chunks.TryGetValue(generation, out Columns? columns))
            {
                _chunks.Add(generation, columns = new Columns(known.Data, known.Parity));
            }

            foreach ((int column, HashSet<int> disks) in known.DisksOf)
            {
                if (!columns.DisksOf.TryAdd(column, [.. disks]))
                {
                    columns.DisksOf[column].UnionWith(disks);
                }
            }
        }
    }

    /// <summary>Chunks with a column on a disk whose footer does not stand there.</summary>
    public IEnumerable<ulong> UnsealedOn(int disk) => _chunks.Where(c => c.Value.DisksOf.Values.Any(d => d.Contains(disk)) && !_sealed.Contains((c.Key, disk))).Select(c => c.Key);

    /// <summary>A column of the chunk was ever on the disk.</summary>
    public bool IsOn(ulong generation, int disk) => _chunks.TryGetValue(generation, out Columns? columns) && columns.DisksOf.Values.Any(disks => disks.Contains(disk));

    /// <summary>The chunk has lost more columns than its layout bears.</summary>
    /// <param name="generation">The chunk.</param>
    /// <param name="isLost">Says of a disk whether what it holds of the chunk counts as lost.</param>
    public bool IsBeyondRepair(ulong generation, Func<int, bool> isLost) =>
        _chunks.TryGetValue(generation, out Columns? columns) && columns.DisksOf.Values.Count(disks => !disks.All(isLost)) < columns.Data;
}
