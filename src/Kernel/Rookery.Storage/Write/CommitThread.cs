// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>The pool's own thread: runs the committer once an interval, and steps of recovery as they come.</summary>
internal sealed class CommitThread
{
    private readonly Committer _committer;
    private readonly StoreState _state;
    private readonly Thread _thread;
    private readonly AutoResetEvent _wake = new(initialState: false);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isStopping;
    private MonotonicTime _next;
    private TaskCompletionSource? _awaited;

    public CommitThread(Committer committer, StoreState state)
    {
        _committer = committer;
        _state = state;
        _thread = new Thread(Run) { IsBackground = true, Name = "pool " + state.Disks.All[0].Name };
    }

    public void Start() => _thread.Start();

    /// <summary>Runs <paramref name="work"/> on this thread soon, without waiting for the next commit.</summary>
    public void Post(Action work)
    {
        _committer.Enqueue(work);
        _wake.Set();
    }

    /// <summary>Completes when a commit has ended that began after this call.</summary>
    /// <param name="meanwhile">Done before the thread looks at the clock: a test moves it.</param>
    public Task NextCommitAsync(Action meanwhile)
    {
        TaskCompletionSource mine = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource awaited = Interlocked.CompareExchange(ref _awaited, mine, null) ?? mine;
        meanwhile();
        _wake.Set();
        return awaited.Task;
    }

    /// <summary>Completes when the thread does nothing more; what is staged is left to the caller.</summary>
    public async Task StopAsync()
    {
        _isStopping = true;
        _wake.Set();
        await _ended.Task;
        _wake.Dispose();
    }

    private void Run()
    {
        TimeSpan interval = _state.Options.CommitInterval;
        // Half of the time between two commits is enough for a footer and a superblock on a disk that keeps up; later begun, they would hold up the next commit.
        Action tidyUp = () => _committer.TidyUp(_next - (interval / 2));
        _next = MonotonicTime.Now(_state.Clock) + interval;
        while (!_isStopping)
        {
            TimeSpan wait = _next - MonotonicTime.Now(_state.Clock);
            if (wait > TimeSpan.Zero)
            {
                _wake.WaitOne(wait);
                Guarded(_committer.RunWork);
                continue;
            }

            TaskCompletionSource? awaited = Interlocked.Exchange(ref _awaited, null);
            Guarded(_committer.Commit);
            _next += interval;
            Guarded(tidyUp);
            awaited?.SetResult();
            // After a stall the rhythm starts anew: commits that were missed are not made up for.
            MonotonicTime now = MonotonicTime.Now(_state.Clock);
            _next = _next < now ? now : _next;
        }

        _ended.SetResult();
    }

    /// <summary>An error in one commit must not end all recording: it is shown, and the next commit tries again.</summary>
    private void Guarded(Action step)
    {
        try
        {
            step();
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            _state.Counters.Fault = $"Internal error while writing to {_state.Disks.Names}: {error.Message}";
        }
    }
}
