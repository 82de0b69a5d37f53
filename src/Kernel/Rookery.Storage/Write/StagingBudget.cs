// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Storage;

/// <summary>Bytes that wait for the disk, of all streams together, against the limit. Safe for any thread.</summary>
internal sealed class StagingBudget(long limitBytes)
{
    private long _used;
    private long _dropped;

    public long UsedBytes => Interlocked.Read(ref _used);
    public long LimitBytes => limitBytes;
    public long DroppedSamples => Interlocked.Read(ref _dropped);

    public bool TryTake(int bytes)
    {
        if (Interlocked.Add(ref _used, bytes) <= limitBytes)
        {
            return true;
        }

        Interlocked.Add(ref _used, -bytes);
        return false;
    }

    public void Give(long bytes) => Interlocked.Add(ref _used, -bytes);

    public void CountDropped(long samples) => Interlocked.Add(ref _dropped, samples);
}
