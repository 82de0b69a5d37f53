// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Collections.Concurrent;
using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>
/// Reads any byte range of a device through aligned buffers of 1 MiB. At most as many reads are at the device at one time as there are slots. Safe for any thread.
/// </summary>
internal sealed class AlignedReader(IBlockDevice device, int slots, bool isInline) : IDisposable
{
    private const int BufferBytes = 1 << 20;
    private readonly SemaphoreSlim _slots = new(slots);
    private readonly ConcurrentBag<AlignedMemory> _buffers = [];
    private readonly ReadThreads? _threads = isInline ? null : new ReadThreads(slots, device.Name);

    /// <summary>Reads on a thread of its own, so that the caller's is not held by the disk.</summary>
    public async ValueTask ReadAsync(long offsetBytes, Memory<byte> destination, CancellationToken cancellation) =>
        await RunAsync(
            () =>
            {
                Read(offsetBytes, destination.Span);
                return true;
            }, cancellation);

    /// <summary>Runs something that reads with <see cref="Read"/> where it may wait for the disk.</summary>
    public async ValueTask<T> RunAsync<T>(Func<T> work, CancellationToken cancellation) =>
        _threads is null ? work() : await _threads.RunAsync(work, cancellation);

    /// <summary>Reads on the caller's thread.</summary>
    /// <exception cref="DeviceException">The device could not read all of it.</exception>
    public void Read(long offsetBytes, Span<byte> destination)
    {
        _slots.Wait();
        try
        {
            Copy(offsetBytes, destination);
        }
        finally
        {
            _slots.Release();
        }
    }

    public void Dispose()
    {
        _threads?.Dispose();
        while (_buffers.TryTake(out AlignedMemory? buffer))
        {
            ((IDisposable)buffer).Dispose();
        }

        _slots.Dispose();
    }

    private void Copy(long offsetBytes, Span<byte> destination)
    {
        if (!_buffers.TryTake(out AlignedMemory? buffer))
        {
            buffer = new AlignedMemory(BufferBytes);
        }

        try
        {
            while (!destination.IsEmpty)
            {
                long start = offsetBytes & ~(long)(AlignedMemory.Alignment - 1);
                int skip = (int)(offsetBytes - start);
                int length = (int)Math.Min(BufferBytes, AlignedMemory.RoundUp(skip + (long)destination.Length));
                Span<byte> read = buffer.GetSpan()[..length];
                device.Read(start, read);
                int take = Math.Min(destination.Length, length - skip);
                read.Slice(skip, take).CopyTo(destination);
                destination = destination[take..];
                offsetBytes += take;
            }
        }
        finally
        {
            _buffers.Add(buffer);
        }
    }
}
