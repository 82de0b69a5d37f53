// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>Retention classes and holds, for those who administer them.</summary>
public sealed partial class VideoStore : IRetentionControl
{
    public IReadOnlyList<RetentionClass> RetentionClasses => _state.Classes.All;
    public IReadOnlyList<Hold> Holds => _state.Holds;
    public HoldStatus HoldStatus => _committer.Holds.Status;

    public Task ChangeClassAsync(RetentionClass retentionClass)
    {
        retentionClass.Validate();
        return OnPoolsThreadAsync(() =>
        {
            IReadOnlyList<RetentionClass> before = _state.Classes.All;
            if (_state.Classes.Define(retentionClass, _state.Chunks.Has) && !_committer.TrySaveClasses())
            {
                _state.Classes.Restore(before);
                throw new StoreException("No disk of the pool took the change of the retention class.");
            }

            return true;
        });
    }

    public Task<bool> RemoveClassAsync(RetentionClassId retentionClass) => OnPoolsThreadAsync(() =>
    {
        // While something is not known yet, it may be footage of this class.
        if (_state.IsRecovering || _state.Chunks.Has(retentionClass))
        {
            return false;
        }

        if (_state.Classes.Remove(retentionClass))
        {
            _committer.SaveClasses();
        }

        return true;
    });

    public Task HoldAsync(Hold hold)
    {
        if (hold.Problem() is { } problem)
        {
            throw new StoreException(problem);
        }

        Hold clamped = hold with { Range = WallBounds.Clamp(hold.Range) };
        return OnPoolsThreadAsync(() =>
        {
            IReadOnlyList<Hold> holds = _state.Holds;
            _committer.SetHolds(holds.Any(h => h.Id == hold.Id) ? [.. holds.Select(h => h.Id == hold.Id ? clamped : h)] : [.. holds, clamped]);
            return true;
        });
    }

    public Task<bool> ReleaseAsync(string id) => OnPoolsThreadAsync(() =>
    {
        List<Hold> left = [.. _state.Holds.Where(h => h.Id != id)];
        if (left.Count == _state.Holds.Count)
        {
            return false;
        }

        _committer.SetHolds(left);
        return true;
    });

    /// <summary>What will go wrong, for the status.</summary>
    private List<string> Warnings()
    {
        WallTime now = WallTime.Now(_state.Clock);
        var result = new List<string>();
        if (HoldStatus.Warning is { } warning)
        {
            result.Add(warning);
        }

        if (_state.Counters.BrokenMinimum is { } broken && now - broken.At < DiskError.MinimumShownFor)
        {
            result.Add(broken.Words);
        }

        foreach (PoolDisk disk in _state.Disks.All)
        {
            result.AddRange(_state.Options.Health?.Of(disk.Name)?.Warnings.Select(words => $"{disk.Name} {words}") ?? []);
        }

        result.AddRange(_state.Disks.All.Where(d => d.IsSlow).Select(d =>
            $"The disk {d.Name} takes several times as long as the others. Where the layout can do without, nothing new is put on it; it is tried again after a while. Have it checked."));
        return result;
    }

    private async Task<T> OnPoolsThreadAsync<T>(Func<T> step)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (_thread is null)
        {
            return step();
        }

        TaskCompletionSource<T> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _thread.Post(() =>
        {
            try
            {
                done.SetResult(step());
            }
#pragma warning disable CA1031 // It belongs to whoever asked, not to the thread that records.
            catch (Exception error)
            {
                done.SetException(error);
            }
#pragma warning restore CA1031
        });
        return await done.Task.WaitAsync(_stopping.Token);
    }
}
