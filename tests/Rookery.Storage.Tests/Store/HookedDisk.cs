// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Storage.Tests;

/// <summary>A disk that lets a test step in at one certain write or flush: throw there, or hold it.</summary>
internal sealed class HookedDisk(IBlockDevice inner) : IBlockDevice, IJobWitness
{
    /// <summary>Called before each write with its offset; what it throws, the write throws.</summary>
    public Action<long> BeforeWrite { get; set; } = static _ => { };

    /// <summary>Called after each flush has done its work: what it throws looks like a flush that failed and lost nothing.</summary>
    public Action AfterFlush { get; set; } = static () => { };

    /// <summary>Called before each read.</summary>
    public Action BeforeRead { get; set; } = static () => { };

    public string Name => inner.Name;
    public long CapacityBytes => inner.CapacityBytes;

    public void Read(long offsetBytes, Span<byte> destination)
    {
        BeforeRead();
        inner.Read(offsetBytes, destination);
    }

    public void Write(long offsetBytes, ReadOnlySpan<byte> source)
    {
        BeforeWrite(offsetBytes);
        inner.Write(offsetBytes, source);
    }

    public void Flush()
    {
        inner.Flush();
        AfterFlush();
    }

    public bool TryStandby() => inner.TryStandby();

    public void Dispose() => inner.Dispose();

    void IJobWitness.JobBegun() => (inner as IJobWitness)?.JobBegun();

    void IJobWitness.JobAwaited() => (inner as IJobWitness)?.JobAwaited();

    bool IJobWitness.Answers(TimeSpan? within) => (inner as IJobWitness)?.Answers(within) ?? true;
}
