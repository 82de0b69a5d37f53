// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Collections.Concurrent;
using Rookery.Foundation;

namespace Rookery.Encoders;

/// <summary>
/// One thread that reads many connections by asking each of them at its pace, instead of being woken for every packet that arrives.
/// </summary>
/// <remarks>
/// A camera of 4 Mbit/s sends some 400 segments a second; woken for each, a recorder spends its time on waking. Asked ten times a second, a connection
/// costs ten reads of some 50 KiB, and the kernel keeps what comes meanwhile. All share one buffer, so a connection costs no memory of ours between reads.
/// Measurements and reasons: docs/design/rtsp.md, "The pump".
/// </remarks>
internal sealed class MediaPump : IDisposable
{
    /// <summary>256 KiB: half a second of 4 Mbit/s, and small enough to stay in a core's own cache between read and copy.</summary>
    public const int BufferBytes = 256 << 10;

    private const int Phases = 5;

    private readonly TimeProvider _clock;
    private readonly PumpWheel _wheel;
    private readonly ConcurrentQueue<IPumped> _added = new();
    private readonly AutoResetEvent _wake = new(initialState: false);
    private readonly Thread _thread;
    private volatile bool _stopping;
    private int _count;
    private int _nextPhase;

    public MediaPump(TimeProvider clock, string name)
    {
        _clock = clock;
        _wheel = new PumpWheel(MonotonicTime.Now(clock));
        _thread = new Thread(Run) { IsBackground = true, Name = name };
        _thread.Start();
    }

    /// <summary>How many it looks after.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Begins to look after something, at once.</summary>
    /// <returns><c>false</c> when the pump is stopping: the item is the caller's still.</returns>
    public bool TryAdd(IPumped item)
    {
        if (_stopping)
        {
            return false;
        }

        Interlocked.Increment(ref _count);
        _added.Enqueue(item);
        _wake.Set();
        return true;
    }

    /// <summary>Stops the thread, and abandons what is left. Returns when both are done.</summary>
    public void Dispose()
    {
        _stopping = true;
        _wake.Set();
        _thread.Join();
        _wake.Dispose();
    }

    private void Run()
    {
        byte[] buffer = GC.AllocateUninitializedArray<byte>(BufferBytes, pinned: true);
        while (!_stopping)
        {
            TakeAdded(buffer);
            MonotonicTime now = MonotonicTime.Now(_clock);
            while (_wheel.TakeDue(now) is { } due)
            {
                foreach (PumpWheel.Entry entry in due)
                {
                    PumpOne(entry, buffer);
                }

                _wheel.Recycle(due);
            }

            TimeSpan? wait = _wheel.UntilNext(MonotonicTime.Now(_clock));
            if (wait is null || wait > TimeSpan.Zero)
            {
                // Rounded up: waking before the slot would only mean to wait again.
                _wake.WaitOne(wait is null ? Timeout.Infinite : (int)Math.Ceiling(wait.Value.TotalMilliseconds));
            }
        }

        foreach (IPumped item in _wheel.Everybody().Concat(_added))
        {
            Abandon(item, fault: null);
        }
    }

    /// <summary>What throws here has released what it could; its recorder finds the silence by itself.</summary>
    private static void Abandon(IPumped item, Exception? fault)
    {
        try
        {
            item.Abandon(fault);
        }
#pragma warning disable CA1031 // An exception that left this thread would end the whole process.
        catch (Exception)
        {
        }
#pragma warning restore CA1031
    }

    private void TakeAdded(byte[] buffer)
    {
        while (_added.TryDequeue(out IPumped? item))
        {
            PumpOne(new(item, _nextPhase++ % Phases), buffer);
        }
    }

    private void PumpOne(PumpWheel.Entry entry, byte[] buffer)
    {
        PumpPace pace = PumpPace.Done;
        try
        {
            pace = entry.Item.Pump(buffer, MonotonicTime.Now(_clock));
        }
#pragma warning disable CA1031 // One camera's fault must not stop the recording of the 249 others on this thread.
        catch (Exception fault)
        {
            Abandon(entry.Item, fault);
        }
#pragma warning restore CA1031

        if (pace == PumpPace.Done)
        {
            Interlocked.Decrement(ref _count);
        }
        else
        {
            _wheel.Schedule(entry, pace);
        }
    }
}
