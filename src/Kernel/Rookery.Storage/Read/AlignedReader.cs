// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Collections.Concurrent;
using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>
/// Reads any byte range of a device through aligned buffers of 1 MiB. At most as many reads are at the device at one time as there are slots. Safe for any thread.
/// </summary>
/// <remarks>
/// Where the disk's patience says that there is another way, each read is made on a thread of its own, and left when it takes too long: with its buffer, and its slot, until it returns. While one is out like that, every
/// other read fails at once, because the next would only wait as long. A disk without peers is read on the caller's thread.
/// </remarks>
internal sealed class AlignedReader(IBlockDevice device, int slots, bool isInline, IDiskPatience patience, bool isBounded) : IDisposable
{
    private const int BufferBytes = 1 << 20;

    /// <summary>Whoever waits for a slot looks so often whether the disk hangs.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    private readonly SemaphoreSlim _slots = new(slots);
    private readonly ConcurrentBag<AlignedMemory> _buffers = [];
    private readonly ConcurrentBag<Lane> _lanes = [];
    private readonly List<Lane> _hung = [];
    private readonly ReadThreads? _threads = isInline ? null : new ReadThreads(slots, device.Name);

    /// <summary>A thread with the buffer that it reads to.</summary>
    private sealed record Lane(DiskThread Thread, AlignedMemory Buffer);

    /// <summary>A read does not return, and nobody waits for it any more. Any thread may ask.</summary>
    public bool IsHung
    {
        get
        {
            lock (_hung)
            {
                _hung.RemoveAll(Returns);
                return _hung.Count > 0;
            }
        }
    }

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

    /// <summary>Reads; the caller's thread waits.</summary>
    /// <exception cref="DeviceException">The device could not read all of it, or not in time.</exception>
    public void Read(long offsetBytes, Span<byte> destination)
    {
        patience.Used();
        if (isBounded && patience.Deadline(patience.Now) is not null)
        {
            ReadInTime(offsetBytes, destination);
            return;
        }

        _slots.Wait();
        try
        {
            if (!_buffers.TryTake(out AlignedMemory? buffer))
            {
                buffer = new AlignedMemory(BufferBytes);
            }

            try
            {
                Copy(offsetBytes, destination, buffer, device.Read);
            }
            finally
            {
                _buffers.Add(buffer);
            }
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

        lock (_hung)
        {
            foreach (Lane lane in _hung.Concat(_lanes))
            {
                lane.Thread.Dispose();
                lane.Thread.Release(lane.Buffer);
            }

            _hung.Clear();
            _lanes.Clear();
        }

        _slots.Dispose();
    }

    private delegate void ReadPiece(long offsetBytes, Span<byte> destination);

    private static void Copy(long offsetBytes, Span<byte> destination, AlignedMemory buffer, ReadPiece read)
    {
        while (!destination.IsEmpty)
        {
            long start = offsetBytes & ~(long)(AlignedMemory.Alignment - 1);
            int skip = (int)(offsetBytes - start);
            int length = (int)Math.Min(BufferBytes, AlignedMemory.RoundUp(skip + (long)destination.Length));
            Span<byte> piece = buffer.GetSpan()[..length];
            read(start, piece);
            int take = Math.Min(destination.Length, length - skip);
            piece.Slice(skip, take).CopyTo(destination);
            destination = destination[take..];
            offsetBytes += take;
        }
    }

    private void ReadInTime(long offsetBytes, Span<byte> destination)
    {
        while (!_slots.Wait(Look))
        {
            ThrowIfHung();
        }

        Lane? lane = null;
        try
        {
            ThrowIfHung();
            if (!_lanes.TryTake(out lane))
            {
                lane = new Lane(new DiskThread(device, "disk lane", patience, hasThread: true), new AlignedMemory(BufferBytes));
            }

            Lane taken = lane;
            Copy(offsetBytes, destination, lane.Buffer, (at, piece) =>
            {
                int length = piece.Length;
                taken.Thread.Begin(disk => disk.Read(at, taken.Buffer.GetSpan()[..length]));
                if (taken.Thread.Wait() is { } failure)
                {
                    throw failure;
                }
            });
        }
        finally
        {
            GiveBack(lane);
        }
    }

    private void GiveBack(Lane? lane)
    {
        if (lane is { Thread.IsHung: true })
        {
            lock (_hung)
            {
                _hung.Add(lane);
            }

            return;
        }

        if (lane is not null)
        {
            _lanes.Add(lane);
        }

        _slots.Release();
    }

    private void ThrowIfHung()
    {
        if (IsHung)
        {
            throw new DeviceException($"{device.Name} does not answer.");
        }
    }

    /// <summary>A read that was left has come back: its lane and its slot are there again.</summary>
    private bool Returns(Lane lane)
    {
        if (!lane.Thread.TryReturn())
        {
            return false;
        }

        GiveBack(lane);
        return true;
    }
}
