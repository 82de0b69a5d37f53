// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Storage;

/// <summary>Columns that a read, the scrub or recovery found bad, and that are to be rebuilt. Bounded: what finds no room is found again by the next read. Safe for any thread.</summary>
internal sealed class RepairQueue
{
    private const int Maximum = 4096;
    private readonly Lock _gate = new();
    private readonly Dictionary<ulong, ulong> _bad = [];
    private long _found;

    /// <summary>Bad columns found since the start.</summary>
    public long Found => Interlocked.Read(ref _found);

    /// <param name="chunk">The chunk.</param>
    /// <param name="columns">Bit i for column i.</param>
    public void Add(Chunk chunk, ulong columns)
    {
        lock (_gate)
        {
            ulong known = _bad.GetValueOrDefault(chunk.Generation);
            if ((known | columns) != known && (known != 0 || _bad.Count < Maximum))
            {
                _bad[chunk.Generation] = known | columns;
                Interlocked.Add(ref _found, System.Numerics.BitOperations.PopCount(columns & ~known));
            }
        }
    }

    /// <summary>Takes all that wait.</summary>
    public List<(ulong Generation, ulong Columns)> Take()
    {
        lock (_gate)
        {
            List<(ulong, ulong)> all = [.. _bad.Select(b => (b.Key, b.Value))];
            _bad.Clear();
            return all;
        }
    }
}
