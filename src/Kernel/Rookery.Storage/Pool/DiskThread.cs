// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>
/// Does one job at a time on a disk, on a thread of its own: so the committer can lay out the next frames meanwhile, many disks work side by side, and a disk that hangs can be left.
/// It decides nothing: what a failure means is the committer's affair, and how long a disk is waited for its patience's.
/// </summary>
/// <remarks>
/// <para>Strictly one job under way: begin, wait, begin, by one thread at a time. Without a thread the job is done in <see cref="Begin"/>.</para>
/// <para>
/// A job that was left is <i>hung</i>: the disk may still read from its memory, and what it writes may land at any time. Until it returned nothing else is begun here, and
/// what was given to <see cref="Release(IDisposable)"/> meanwhile is kept. Nobody can call it back.
/// </para>
/// </remarks>
internal sealed class DiskThread : IDisposable
{
    /// <summary>Whoever waits looks at the clock so often. Nearly all jobs are done before the first look.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    private readonly IBlockDevice _device;
    private readonly IJobWitness? _witness;
    private readonly IDiskPatience _patience;
    private readonly string _name;
    private readonly bool _hasThread;
    private Thread? _thread;
    private readonly SemaphoreSlim _work = new(0);
    private readonly SemaphoreSlim _done = new(0);
    private readonly Lock _gate = new();
    private readonly List<IDisposable> _kept = [];
    private Action<IBlockDevice>? _job;
    private DeviceException? _failure;
    private MonotonicTime _begun;
    private bool _isDone;
    private bool _hasEnded;
    private bool _isAtWork;
    private volatile bool _isHung;
    private volatile bool _isStopping;

    public DiskThread(IBlockDevice device, string name, IDiskPatience patience, bool hasThread)
    {
        _device = device;
        _patience = patience;
        _name = name;
        _hasThread = hasThread;
        _witness = hasThread ? null : device as IJobWitness;
    }

    /// <summary>A job was begun and <see cref="Wait"/> was not called for it yet.</summary>
    public bool IsBusy { get; private set; }

    /// <summary>The disk is at work on a job now. Any thread may ask.</summary>
    public bool IsAtWork => Volatile.Read(ref _isAtWork);

    /// <summary>The latest job did not return in time, and nobody saw it return yet. Any thread may ask.</summary>
    public bool IsHung => _isHung;

    /// <summary>A hung job has returned; <see cref="TryReturn"/> will say so.</summary>
    public bool HasReturned => _isHung && (!_hasThread ? _witness!.Answers(TimeSpan.Zero) : _done.CurrentCount > 0);

    /// <summary>Begins a job: writes, and the flush that ends it; or one read. A disk that hangs gets nothing, and <see cref="Wait"/> says so at once.</summary>
    public void Begin(Action<IBlockDevice> job)
    {
        if (IsBusy)
        {
            throw new InvalidOperationException("A disk does one job at a time.");
        }

        if (!_isHung)
        {
            _job = job;
            _failure = null;
            _begun = _patience.Now;
            _patience.Used();
            Start();
        }

        // Without a thread an error of the program comes out here, and nothing was begun.
        IsBusy = true;
    }

    /// <summary>Waits for what was begun, as long as the disk's patience says. <c>null</c>: it is durable. After a job that was left, <see cref="IsHung"/> is set.</summary>
    public DeviceException? Wait()
    {
        IsBusy = false;
        if (_isHung)
        {
            return new DeviceException("It does not answer.");
        }

        bool isBack = !_hasThread ? WaitInline() : WaitForThread();
        _witness?.JobAwaited();
        if (!isBack)
        {
            _isHung = true;
            return new DeviceException($"It has not answered for {(_patience.Now - _begun).TotalSeconds:0.#} s.");
        }

        _job = null;
        return _failure;
    }

    /// <summary>Looks whether a hung job has returned, and lets go of what was kept for it. What became of the job is of no interest: nobody counts on it any more.</summary>
    /// <returns><c>true</c> when nothing is hung.</returns>
    public bool TryReturn()
    {
        if (!_isHung)
        {
            return true;
        }

        if (!_hasThread)
        {
            if (!_witness!.Answers(TimeSpan.Zero))
            {
                return false;
            }

            _witness.JobBegun();
            Execute();
            _witness.JobAwaited();
        }
        else if (!_done.Wait(TimeSpan.Zero))
        {
            return false;
        }

        _isHung = false;
        _job = null;
        LetGo();
        return true;
    }

    /// <summary>Disposes what a job may read from: now, or when the job that hangs has returned.</summary>
    public void Release(IDisposable what)
    {
        lock (_gate)
        {
            if (_isHung && !_hasEnded)
            {
                _kept.Add(what);
                return;
            }
        }

        what.Dispose();
    }

    /// <summary>The same for what jobs of several disks may read from: when the last of them has returned.</summary>
    public static void Release(IEnumerable<DiskThread> threads, IDisposable what)
    {
        DiskThread[] hung = [.. threads.Where(static t => t.IsHung)];
        if (hung.Length == 0)
        {
            what.Dispose();
            return;
        }

        var shared = new Shared(what, hung.Length);
        foreach (DiskThread thread in hung)
        {
            thread.Release(shared);
        }
    }

    /// <summary>Ends the thread. One that hangs ends when the disk lets it, and lets go of what was kept.</summary>
    public void Dispose()
    {
        _isStopping = true;
        if (_thread is null)
        {
            End();
            return;
        }

        _work.Release();
        if (!_isHung)
        {
            _thread.Join();
            _work.Dispose();
            _done.Dispose();
        }
    }

    private void Start()
    {
        if (_hasThread)
        {
            if (_thread is null)
            {
                // Not before the first job: nothing is rebuilt onto most disks, ever.
                _thread = new Thread(Run) { IsBackground = true, Name = $"{_name} {_device.Name}" };
                _thread.Start();
            }

            _work.Release();
            return;
        }

        _witness?.JobBegun();
        _isDone = _witness?.Answers(TimeSpan.Zero) ?? true;
        if (_isDone)
        {
            Execute();
        }
    }

    private bool WaitInline()
    {
        if (!_isDone)
        {
            _isDone = _witness!.Answers(_patience.Deadline(_begun) - _patience.Now);
            if (_isDone)
            {
                Execute();
            }
        }

        return _isDone;
    }

    /// <returns><c>false</c>: the disk's patience is at its end.</returns>
    private bool WaitForThread()
    {
        while (!_done.Wait(Look))
        {
            if (_patience.Deadline(_begun) < _patience.Now)
            {
                return false;
            }
        }

        return true;
    }

    private void Run()
    {
        while (true)
        {
            _work.Wait();
            if (_isStopping)
            {
                End();
                return;
            }

            Execute();
            _done.Release();
        }
    }

    private void Execute()
    {
        Volatile.Write(ref _isAtWork, true);
        try
        {
            _job!(_device);
        }
        catch (DeviceException failure)
        {
            _failure = failure;
        }
        catch (Exception error) when (_hasThread)
        {
            // Whatever it is, nothing of the job is durable; and nothing that is thrown on this thread may end the process and with it all recording.
            _failure = new DeviceException(error.Message, error);
        }
        finally
        {
            Volatile.Write(ref _isAtWork, false);
        }
    }

    private void End()
    {
        lock (_gate)
        {
            _hasEnded = true;
        }

        LetGo();
    }

    private void LetGo()
    {
        IDisposable[] kept;
        lock (_gate)
        {
            kept = [.. _kept];
            _kept.Clear();
        }

        foreach (IDisposable what in kept)
        {
            what.Dispose();
        }
    }

    /// <summary>Something that is disposed when so many have let go of it.</summary>
    private sealed class Shared(IDisposable what, int holders) : IDisposable
    {
        private int _left = holders;

        public void Dispose()
        {
            if (Interlocked.Decrement(ref _left) == 0)
            {
                what.Dispose();
            }
        }
    }
}

/// <summary>
/// A device that wants to know which jobs are under way side by side, and that may hang. Without threads jobs are done one behind another, and a simulation of crashes must not take that order
/// for a promise.
/// </summary>
internal interface IJobWitness
{
    /// <summary>A job begins; whatever it writes may happen before, between and behind what the other disks' jobs write.</summary>
    void JobBegun();

    /// <summary>It is done, or was left, and somebody knows it: what is written from here on comes behind it.</summary>
    void JobAwaited();

    /// <summary>The disk takes the job, now or when so much time has passed: virtual time goes on meanwhile. <c>null</c>: it is waited for, however long it takes.</summary>
    /// <returns><c>false</c>: it hangs for longer.</returns>
    bool Answers(TimeSpan? within);
}
