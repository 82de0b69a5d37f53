// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Collections.Concurrent;

namespace Rookery.Storage;

/// <summary>
/// A few threads that may wait for a disk. The threads of the pool receive the cameras' packets: were viewers to hold them while a disk hangs, nobody would empty the sockets.
/// </summary>
/// <remarks>What waits here is bounded by whoever waits for it. After <see cref="Dispose"/> the threads finish what was handed over, and end.</remarks>
internal sealed class ReadThreads : IDisposable
{
    private readonly BlockingCollection<Action> _work = [];

    public ReadThreads(int count, string disk)
    {
        for (int i = 0; i < count; i++)
        {
            new Thread(Run) { IsBackground = true, Name = $"disk reader {i} {disk}" }.Start();
        }
    }

    /// <summary>Runs <paramref name="work"/> on one of the threads; its result or exception is the task's.</summary>
    /// <exception cref="ObjectDisposedException">The store is closed.</exception>
    public Task<T> RunAsync<T>(Func<T> work, CancellationToken cancellation)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            _work.Add(() => Complete(done, work, cancellation), cancellation);
        }
        catch (InvalidOperationException closed) when (closed is not ObjectDisposedException)
        {
            throw new ObjectDisposedException("The store is closed.", closed);
        }

        return done.Task;
    }

    public void Dispose() => _work.CompleteAdding();

    private static void Complete<T>(TaskCompletionSource<T> done, Func<T> work, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested)
        {
            done.SetCanceled(cancellation);
            return;
        }

        try
        {
            done.SetResult(work());
        }
        catch (Exception error)
        {
            // Whoever waits gets it; the thread goes on.
            done.SetException(error);
        }
    }

    private void Run()
    {
        foreach (Action work in _work.GetConsumingEnumerable())
        {
            work();
        }
    }
}
