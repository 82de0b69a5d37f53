// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Storage;

namespace Rookery.Simulation;

/// <summary>Says on the output of a killed process what changed of its pool: <c>did rebuild</c>, <c>disk PATH STATE</c>, <c>nothing left to rebuild</c> after a disk failed.</summary>
internal sealed class PoolTelling(VideoStore store)
{
    private readonly Dictionary<string, DiskState> _states = [];
    private long _rebuilt;
    private bool _isWhole;

    /// <summary>Called again and again, by one thread.</summary>
    public void Tell()
    {
        StoreStatus status = store.Status;
        if (status.ColumnsRebuilt > _rebuilt)
        {
            _rebuilt = status.ColumnsRebuilt;
            Console.WriteLine("did rebuild");
        }

        foreach (DiskStatus disk in status.Disks)
        {
            if (!_states.TryGetValue(disk.Name, out DiskState before) || before != disk.State)
            {
                _states[disk.Name] = disk.State;
                Console.WriteLine($"disk {disk.Name} {disk.State}");
            }
        }

        bool isWhole = _rebuilt > 0 && status is { ColumnsToRebuild: 0, DegradedChunks: 0 } && _states.ContainsValue(DiskState.Failed);
        if (isWhole && !_isWhole)
        {
            Console.WriteLine("nothing left to rebuild");
        }

        _isWhole = isWhole;
    }
}
