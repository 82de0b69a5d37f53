// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>
/// What is done between two commits, so that no sample waits for it: footers of full chunks, retention, the superblock, and the next chunk of a head, opened ahead of need. All of it can
/// also be done within a commit, which is how it was begun and what happens on a disk that is too slow to leave time between two.
/// </summary>
internal sealed partial class Committer
{
    /// <summary>Footers and retention are put off at most so many times: 2.4 s at the default interval. A disk that never has time must be sealed and freed all the same.</summary>
    private const int MostPutOff = 8;

    private readonly OpenChunk?[] _ahead = new OpenChunk?[256];
    private int _putOff;
    private ulong _announced;

    /// <summary>A head with less room than this gets its next chunk: two of the largest frames, so that it is announced when one commit has used them up.</summary>
    private long NeedsNextBelow => Math.Max(_state.Geometry.ZoneBytes / 8, 2L * FrameBytes);

    private void TidyUpAll(MonotonicTime now, MonotonicTime? until)
    {
        bool hasTime = until is not { } latest || now < latest || _putOff >= MostPutOff;
        _putOff = hasTime ? 0 : _putOff + 1;
        if (hasTime)
        {
            SealLeftOver(now);
            Sweep();
        }

        bool mustAnnounce = OpenAhead();
        if (mustAnnounce || (hasTime && _announced != _state.Ledger.LastTransition))
        {
            // Of a chunk that was opened ahead the second frame needs it, and would otherwise wait for it itself.
            TryWriteSuperblock();
        }
    }

    /// <summary>Opens the next chunk of each head that is nearly full, where there is a zone and a place in the superblock to spare.</summary>
    /// <returns>There is a chunk that the superblock on the disk does not list as it should.</returns>
    private bool OpenAhead()
    {
        bool mustAnnounce = false;
        for (int c = 0; c < _heads.Length; c++)
        {
            if (_heads[c] is not { } head)
            {
                continue;
            }

            if (_ahead[c] is null && _resumable[c] is null && head.RoomBytes < NeedsNextBelow && _state.Ledger.HasRoomForAhead
                && _state.Ledger.TryOpen((byte)c, isAhead: true, out OpenChunkEntry entry))
            {
                _ahead[c] = NewChunk(entry);
            }

            mustAnnounce |= !head.IsAnnounced || _ahead[c] is { IsAnnouncedAhead: false };
        }

        return mustAnnounce;
    }

    /// <summary>Another class has no zone, or the superblock no place: a chunk that nobody has written to makes room.</summary>
    private bool GiveBackOneAhead()
    {
        int c = Array.FindIndex(_ahead, static open => open is not null);
        return c >= 0 ? GiveBackAhead(c) : GiveBackOneOfLastRun();
    }

    /// <summary>The last run may have left such a chunk, which recovery has not come to yet. One block tells whether it was written.</summary>
    private bool GiveBackOneOfLastRun()
    {
        foreach (OpenChunkEntry entry in _state.Ledger.Ahead())
        {
            try
            {
                if (!ChunkRecovery.HasFirstFrame(_state.DiskThreadReader, _state.Geometry, entry))
                {
                    _state.Ledger.GiveBack(NewChunk(entry).Chunk);
                    return true;
                }
            }
            catch (DeviceException)
            {
                // Recovery says what it means that this cannot be read.
            }
        }

        return false;
    }

    private bool GiveBackAhead(int retentionClass)
    {
        if (_ahead[retentionClass] is not { } open)
        {
            return false;
        }

        _ahead[retentionClass] = null;
        _state.Ledger.GiveBack(open.Chunk);
        return true;
    }
}
