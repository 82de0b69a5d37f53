// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>
/// Writes and flushes one frame at a time on a thread of its own, so that the committer can lay out the next frame meanwhile. It decides nothing: what a failure
/// means is the committer's affair.
/// </summary>
/// <remarks>Strictly one frame under way: submit, wait, submit. Without a thread the work is done in <see cref="Submit"/>.</remarks>
internal sealed class DeviceWriter : IDisposable
{
    private readonly IBlockDevice _device;
    private readonly Thread? _thread;
    private readonly SemaphoreSlim _work = new(0);
    private readonly SemaphoreSlim _done = new(0);
    private AlignedMemory? _memory;
    private long _offsetBytes;
    private int _lengthBytes;
    private DeviceException? _failure;
    private volatile bool _isStopping;

    public DeviceWriter(IBlockDevice device, bool hasThread)
    {
        _device = device;
        if (hasThread)
        {
            _thread = new Thread(Run) { IsBackground = true, Name = "disk writer " + device.Name };
            _thread.Start();
        }
    }

    /// <summary>Begins to write the first <paramref name="lengthBytes"/> of <paramref name="memory"/> and to flush.</summary>
    public void Submit(AlignedMemory memory, int lengthBytes, long offsetBytes)
    {
        _memory = memory;
        _lengthBytes = lengthBytes;
        _offsetBytes = offsetBytes;
        _failure = null;
        if (_thread is null)
        {
            Execute();
        }
        else
        {
            _work.Release();
        }
    }

    /// <summary>Waits for what was submitted. <c>null</c>: it is durable.</summary>
    public DeviceException? Wait()
    {
        if (_thread is not null)
        {
            _done.Wait();
        }

        _memory = null;
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
        try
        {
            _device.Write(_offsetBytes, _memory!.GetSpan()[.._lengthBytes]);
            _device.Flush();
        }
        catch (DeviceException failure)
        {
            _failure = failure;
        }
        catch (Exception error) when (_thread is not null)
        {
            // Whatever it is, the frame is not durable; and nothing that is thrown on this thread may end the process and with it all recording.
            _failure = new DeviceException(error.Message, error);
        }
    }
}
