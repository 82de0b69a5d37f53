// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>
/// Does one job at a time on a disk, on a thread of its own: so the committer can lay out the next frames meanwhile, and many disks work side by side. It decides nothing: what a
/// failure means is the committer's affair.
/// </summary>
/// <remarks>Strictly one job under way: begin, wait, begin. Without a thread the job is done in <see cref="Begin"/>.</remarks>
internal sealed class DiskWriter : IDisposable
{
    private readonly IBlockDevice _device;
    private readonly Thread? _thread;
    private readonly SemaphoreSlim _work = new(0);
    private readonly SemaphoreSlim _done = new(0);
    private Action<IBlockDevice>? _job;
    private DeviceException? _failure;
    private volatile bool _isStopping;
    private bool _isAtWork;

    public DiskWriter(IBlockDevice device, bool hasThread)
    {
        _device = device;
        if (hasThread)
        {
            _thread = new Thread(Run) { IsBackground = true, Name = "disk writer " + device.Name };
            _thread.Start();
        }
    }

    /// <summary>A job was begun and <see cref="Wait"/> was not called for it yet.</summary>
    public bool IsBusy { get; private set; }

    /// <summary>The disk is at work on a job now. Any thread may ask.</summary>
    public bool IsAtWork => Volatile.Read(ref _isAtWork);

    /// <summary>Begins a job: writes, and the flush that ends it.</summary>
    public void Begin(Action<IBlockDevice> job)
    {
        if (IsBusy)
        {
            throw new InvalidOperationException("A disk does one job at a time.");
        }

        (_device as IJobWitness)?.JobBegun();

        _job = job;
        _failure = null;
        if (_thread is null)
        {
            Execute();
            IsBusy = true;
        }
        else
        {
            IsBusy = true;
            _work.Release();
        }
    }

    /// <summary>Waits for what was begun. <c>null</c>: it is durable.</summary>
    public DeviceException? Wait()
    {
        if (_thread is not null)
        {
            _done.Wait();
        }

        (_device as IJobWitness)?.JobAwaited();
        IsBusy = false;
        _job = null;
        return _failure;
    }

    public void Dispose()
    {
        if (_thread is not null)
        {
            _isStopping = true;
            _work.Release();
            _thread.Join();
        }

        _work.Dispose();
        _done.Dispose();
    }

    private void Run()
    {
        while (true)
        {
            _work.Wait();
            if (_isStopping)
            {
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
        catch (Exception error) when (_thread is not null)
        {
            // Whatever it is, nothing of the job is durable; and nothing that is thrown on this thread may end the process and with it all recording.
            _failure = new DeviceException(error.Message, error);
        }
        finally
        {
            Volatile.Write(ref _isAtWork, false);
        }
    }
}

/// <summary>
/// A device that wants to know which jobs are under way side by side. Without threads they are done one behind another, and a simulation of crashes must not take that order for a promise.
/// </summary>
internal interface IJobWitness
{
    /// <summary>A job begins; whatever it writes may happen before, between and behind what the other disks' jobs write.</summary>
    void JobBegun();

    /// <summary>It is done, and somebody knows it: what is written from here on comes behind it.</summary>
    void JobAwaited();
}
