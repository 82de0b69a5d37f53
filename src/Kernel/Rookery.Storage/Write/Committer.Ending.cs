// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>Chunks that are ended before they are full, because their days, or their streams, are over.</summary>
internal sealed partial class Committer
{
    /// <summary>A head beyond its class's first that had no runs for so long is closed: cameras that are only restarted come back to it.</summary>
    private static readonly TimeSpan LongestEmpty = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Seals chunks that have been open for an eighth of what their class allows: only sealed chunks expire, and footage of a camera that hardly sends must not outlive its days
    /// by the weeks it takes to fill a zone.
    /// </summary>
    private void RetireOld(WallTime now, bool clockIsTrusted)
    {
        foreach (RetentionClass retentionClass in _state.Classes.All)
        {
            byte id = retentionClass.Id.Value;
            if (retentionClass.MaximumAge is not { } age)
            {
                continue;
            }

            foreach (WriteHead head in _heads.All.Where(h => h.Class == id))
            {
                if (head.Current is { } current && IsOlder(current.Chunk))
                {
                    Retire(head);
                }

                if (head.Resumable is { } resumable && IsOlder(resumable.Chunk))
                {
                    head.Resumable = null;
                    LetGo(resumable.Chunk, wasCut: false);
                }
            }

            for (int i = _halfRead.Count - 1; i >= 0; i--)
            {
                // Hope of the rest ends when its days do. A clock that is years ahead must not end it: a footer cannot be taken back.
                Chunk halfRead = _halfRead[i];
                if (clockIsTrusted && halfRead.Class == id && now - halfRead.Committed.End > age)
                {
                    _halfRead.RemoveAt(i);
                    LetGo(halfRead, wasCut: true);
                }
            }

            bool IsOlder(Chunk chunk) => chunk.FrameCount > 0 && now - chunk.Committed.Start > age / 8;
        }
    }

    /// <summary>Closes heads that lost their streams. The first of each class stays: it is the one that is used when they come back.</summary>
    private void CloseEmptyHeads(MonotonicTime now)
    {
        foreach (WriteHead head in _heads.All.ToArray())
        {
            if (IsFirst(head) || head.Staged.Count > 0 || head.Gaps.Count > 0)
            {
                head.EmptySince = null;
                continue;
            }

            head.EmptySince ??= now;
            if (now - head.EmptySince < LongestEmpty)
            {
                continue;
            }

            GiveBackAhead(head);
            Retire(head);
            if (head.Resumable is { } resumable)
            {
                head.Resumable = null;
                LetGo(resumable.Chunk, wasCut: false);
            }

            _heads.Remove(head);
        }
    }
}
