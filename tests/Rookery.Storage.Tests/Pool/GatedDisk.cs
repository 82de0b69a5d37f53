// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Simulation;

namespace Rookery.Storage.Tests;

/// <summary>A disk that hangs when the test says so, and goes on when the test says so. It notices when what it is to write changes while it hangs.</summary>
internal sealed class GatedDisk(SimulatedDisk inner) : IBlockDevice
{
    private readonly ManualResetEventSlim _writes = new(initialState: true);
    private readonly ManualResetEventSlim _reads = new(initialState: true);
    private readonly ManualResetEventSlim _flushes = new(initialState: true);
    private int _calls;
    private int _readCalls;

    public SimulatedDisk Inner => inner;
    public string Name => inner.Name;
    public long CapacityBytes => inner.CapacityBytes;

    /// <summary>Completes when a call hangs.</summary>
    public TaskCompletionSource Hangs { get; private set; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Writes and flushes that were begun.</summary>
    public int Calls => Volatile.Read(ref _calls);

    /// <summary>Reads that were begun.</summary>
    public int ReadCalls => Volatile.Read(ref _readCalls);

    /// <summary>The memory of a write that hung had other bytes when it went on.</summary>
    public bool MemoryWasReused { get; private set; }

    public void HangInWrites() => Close(_writes);

    public void HangInFlushes() => Close(_flushes);

    public void HangInReads() => Close(_reads);

    public void GoOn()
    {
        _writes.Set();
        _flushes.Set();
        _reads.Set();
    }

    public void Read(long offsetBytes, Span<byte> destination)
    {
        Interlocked.Increment(ref _readCalls);
        Pass(_reads);
        inner.Read(offsetBytes, destination);
    }

    public void Write(long offsetBytes, ReadOnlySpan<byte> source)
    {
        Interlocked.Increment(ref _calls);
        byte[] before = source.ToArray();
        Pass(_writes);
        MemoryWasReused |= !source.SequenceEqual(before);
        inner.Write(offsetBytes, source);
    }

    public void Flush()
    {
        Interlocked.Increment(ref _calls);
        Pass(_flushes);
        inner.Flush();
    }

    public void Dispose() => inner.Dispose();

    private void Close(ManualResetEventSlim gate)
    {
        Hangs = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        gate.Reset();
    }

    private void Pass(ManualResetEventSlim gate)
    {
        if (!gate.IsSet)
        {
            Hangs.TrySetResult();
            gate.Wait();
        }
    }
}
