// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>
/// Where a zone comes from when a head needs one and none is free. Space takes what was written longest ago; so it has to be known what that is, and a chunk that is kept to be gone on with
/// must not outlive newer ones.
/// </summary>
internal sealed partial class Committer
{
    /// <summary>
    /// How long recording waits in memory, in all of a start, until it is known what was written longest ago. What must be read in the meantime is mostly one open chunk, or a small disk's
    /// tails; whatever takes longer (a large disk without its catalog, a bad spot) may take minutes, and memory holds seconds.
    /// </summary>
    private static readonly TimeSpan LongestWaitForRecovery = TimeSpan.FromSeconds(5);

    private MonotonicTime? _waitForRecoveryUntil;

    /// <summary>Why a head waits since the latest commit, in words for a person. Not told at once: a frame of that commit that is still at the disks would say that all is well.</summary>
    private string? _noChunk;

    /// <summary>Frees the chunk written longest ago of those on certain disks, if it can be told which that is.</summary>
    private bool FreeZoneForHead(Func<PoolDisk, bool> lacks)
    {
        if (WaitsForRecovery())
        {
            return false;
        }

        if (FreeNext(() => _retention.FreeOldest(lacks)))
        {
            return true;
        }

        SealOneResumable();
        SealLeftOver(now: null);
        return _retention.FreeOldest(lacks);
    }

    /// <summary>Frees one chunk. Before each: with one gone, one that is kept to be gone on with may be next.</summary>
    private bool FreeNext(Func<bool> free)
    {
        while (SealOldestOpen())
        {
        }

        return free();
    }

    /// <summary>
    /// A chunk that nobody has come across yet may be older than all that are known: those are perhaps what was recorded since the start. Neither for long, nor when memory runs short: samples that
    /// must be refused are the newest of all.
    /// </summary>
    private bool WaitsForRecovery()
    {
        if (!_state.IsRecovering || _state.Budget.UsedBytes > _state.Budget.LimitBytes / 2)
        {
            return false;
        }

        MonotonicTime now = MonotonicTime.Now(_state.Clock);
        _waitForRecoveryUntil ??= now + LongestWaitForRecovery;
        return now < _waitForRecoveryUntil;
    }

    private string WhyNoChunk() =>
        !Placeable().Exists(d => d.Ledger.HasRoomForOpen) ? "Too many chunks wait for recovery: what is being recorded waits in memory."
        : _state.IsRecovering ? "No zone is free, and it is not known yet which footage is the oldest: what is being recorded waits in memory."
        : $"No zone is free and none can be freed{(Holds.Active.IsEmpty ? "" : ", because holds keep the footage")}: what is being recorded waits in memory.";

    /// <summary>Something kept for later is in the way now.</summary>
    private void SealOneResumable()
    {
        if (_heads.All.FirstOrDefault(static h => h.Resumable is not null) is { Resumable: { } resumable } head)
        {
            head.Resumable = null;
            LetGo(resumable.Chunk, wasCut: false);
        }
    }

    /// <summary>
    /// Space is about to take something newer than a chunk that is kept to be gone on with, or that a head has not written to for as long: seals that, so that it goes first.
    /// </summary>
    private bool SealOldestOpen()
    {
        (WriteHead Head, OpenChunk Open)? oldest = null;
        foreach (WriteHead head in _heads.All.Where(static h => !h.IsWaiting && h.Class != RetentionClassId.Held.Value))
        {
            foreach (OpenChunk open in head.Open)
            {
                // One with a frame on its way is the newest of all.
                if (open.Chunk.FrameCount > 0 && open.NextFrame == open.Chunk.FrameCount && (oldest is not { } o || open.Chunk.CommitNumber < o.Open.Chunk.CommitNumber))
                {
                    oldest = (head, open);
                }
            }
        }

        if (oldest is not { } found || _retention.NextToGo is not { } victim || victim < found.Open.Chunk.CommitNumber)
        {
            return false;
        }

        if (ReferenceEquals(found.Head.Current, found.Open))
        {
            Retire(found.Head);
        }
        else
        {
            found.Head.Resumable = null;
            LetGo(found.Open.Chunk, wasCut: false);
        }

        return found.Open.Chunk.State == ChunkState.Sealed;
    }
}
