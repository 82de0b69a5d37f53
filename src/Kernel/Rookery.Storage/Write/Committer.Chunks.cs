// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>Opening, sealing and giving up chunks, and what a failing disk means.</summary>
internal sealed partial class Committer
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(5);

    /// <summary>A chunk is written on when at least this part of its zone is left.</summary>
    private const int WorthResuming = 8;

    private static readonly TimeSpan FirstSealRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestSealRetry = TimeSpan.FromMinutes(10);

    /// <summary>Most chunks that stay open because a part of them could not be read: each holds one of the superblock's places for open chunks.</summary>
    private const int MostHalfRead = 4;

    private readonly OpenChunk?[] _resumable = new OpenChunk?[256];
    private readonly List<Chunk> _halfRead = [];
    private bool _gaveUp;
    private MonotonicTime _retryAt;
    private TimeSpan _retryAfter = FirstRetry;

    /// <summary>Takes a chunk that recovery verified: visible from now on, sealed as soon as the disk takes the footer.</summary>
    public void Adopt(ChunkRecovery.Result recovered)
    {
        Chunk chunk = recovered.Chunk;
        if (!_state.Ledger.IsOpen(chunk.Generation))
        {
            // It had no frame, and its zone was needed.
            return;
        }

        if (chunk.FrameCount == 0 && !recovered.MayResume)
        {
            // Invariant 6: it stays listed as open, so nothing is written there, and the next start looks again. It is no zone kept ahead of need any more.
            _state.Ledger.Begin(chunk);
            _state.Counters.LeaveAlone(_state.Device.Name);
            return;
        }

        if (chunk.FrameCount == 0)
        {
            _state.Ledger.GiveBack(chunk);
        }
        else
        {
            foreach ((FormatId id, ReadOnlyMemory<byte> bytes) in recovered.Formats)
            {
                _state.Formats.Add(id, bytes);
            }

            _state.Chunks.Add(chunk);
            foreach (StreamSection section in chunk.Sections!.ForFooter().Streams)
            {
                _state.Streams.Get(section.Stream).Add(chunk, section.ToDirectory(0, 0));
            }

            _state.Ledger.Begin(chunk);
            if (!recovered.IsComplete && _halfRead.Count < MostHalfRead)
            {
                // Invariant 6: its footer would say that it ends here. What can be read is shown; the next start may read on.
                _halfRead.Add(chunk);
                _state.Counters.LeaveAlone(_state.Device.Name);
            }
            else if (!recovered.MayResume || !TryResume(chunk))
            {
                LetGo(chunk, wasCut: true);
            }
        }

        TryWriteSuperblock();
    }

    /// <summary>
    /// Keeps a recovered chunk to be written on, now or when the head's chunk is full: a process that is restarted again and again must not use up a zone each time, and
    /// with it the oldest footage.
    /// </summary>
    private bool TryResume(Chunk chunk)
    {
        OpenChunk open = OpenChunk.Resume(chunk, _state.Geometry.ZoneBytes);
        if (open.RoomBytes < _state.Geometry.ZoneBytes / WorthResuming)
        {
            return false;
        }

        if (_heads[chunk.Class] is null && !_gaveUp)
        {
            _heads[chunk.Class] = open;
            return true;
        }

        if (_resumable[chunk.Class] is { } other && other.RoomBytes >= open.RoomBytes)
        {
            return false;
        }

        if (_resumable[chunk.Class] is { } smaller)
        {
            LetGo(smaller.Chunk, wasCut: true);
        }

        _resumable[chunk.Class] = open;
        return true;
    }

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

            if (_heads[id] is { } head && IsOlder(head.Chunk))
            {
                Retire(head);
            }

            if (_resumable[id] is { } resumable && IsOlder(resumable.Chunk))
            {
                _resumable[id] = null;
                LetGo(resumable.Chunk, wasCut: false);
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

    /// <summary>Seals the chunk of a head, after which the head has none.</summary>
    private void Retire(OpenChunk head)
    {
        CompleteUnderWay();
        if (ReferenceEquals(_heads[head.Chunk.Class], head))
        {
            _heads[head.Chunk.Class] = null;
            LetGo(head.Chunk, wasCut: false);
        }
    }

    /// <summary>A head's chunk is full: sealed behind the commit, because what waits must not wait for a footer as well.</summary>
    private void PutAway(OpenChunk head)
    {
        CompleteUnderWay();
        if (ReferenceEquals(_heads[head.Chunk.Class], head))
        {
            _heads[head.Chunk.Class] = null;
            if (head.Chunk.FrameCount == 0)
            {
                _state.Ledger.GiveBack(head.Chunk);
            }
            else
            {
                _unsealed.Add(new UnsealedChunk(head.Chunk, MonotonicTime.Now(_state.Clock), FirstSealRetry, WasCut: false));
            }
        }
    }

    /// <summary>A chunk gets no more frames: seals it if it has any, else frees its zone.</summary>
    private void LetGo(Chunk chunk, bool wasCut)
    {
        if (chunk.FrameCount == 0)
        {
            _state.Ledger.GiveBack(chunk);
        }
        else if (!TrySeal(chunk, wasCut))
        {
            _unsealed.Add(new UnsealedChunk(chunk, MonotonicTime.Now(_state.Clock) + FirstSealRetry, FirstSealRetry * 2, WasCut: true));
        }
    }

    /// <summary>
    /// Tries again to write the footers that the disk refused, each at its time: a bad spot may cost the disk seconds at each try, and recording waits for them.
    /// </summary>
    /// <param name="now">The present; <c>null</c> tries all, whatever it costs.</param>
    private void SealLeftOver(MonotonicTime? now)
    {
        for (int i = _unsealed.Count - 1; i >= 0; i--)
        {
            UnsealedChunk unsealed = _unsealed[i];
            if (now < unsealed.RetryAt)
            {
                continue;
            }

            if (TrySeal(unsealed.Chunk, unsealed.WasCut))
            {
                _unsealed.RemoveAt(i);
                continue;
            }

            _unsealed[i] = unsealed with
            {
                RetryAt = MonotonicTime.Now(_state.Clock) + unsealed.RetryAfter,
                RetryAfter = TimeSpan.FromTicks(Math.Min(unsealed.RetryAfter.Ticks * 2, LongestSealRetry.Ticks)),
            };
            if (now is not null)
            {
                return;
            }
        }
    }

    /// <summary>Writes the footer. On failure the chunk stays as it is: readable from memory, and listed as open for the next start.</summary>
    private bool TrySeal(Chunk chunk, bool wasCut)
    {
        using AlignedMemory footer = FooterBuilder.Build(chunk, _state.Disk, _state.Geometry.ZoneBytes, wasCut);
        ReadOnlySpan<byte> bytes = footer.GetSpan();
        if (!ChunkTrailer.TryParse(bytes[^ChunkTrailer.SizeBytes..], _state.Geometry.ZoneBytes, out ChunkTrailer trailer))
        {
            throw new InvalidOperationException("A trailer that was just written does not parse.");
        }

        try
        {
            _state.Device.Write(_state.Geometry.ZoneOffset(chunk.Zone) + trailer.FooterStart, bytes);
            _state.Device.Flush();
        }
        catch (DeviceException failure)
        {
            RetryLater(failure);
            return false;
        }

        chunk.Seal(trailer);
        _state.Ledger.Seal(chunk);
        _state.Counters.CountFrame(footer.Length);
        _catalog.Sealed(_state.Ledger.LastTransition, chunk, FooterBuilder.TailOf(bytes, trailer).ToArray());
        return true;
    }

    /// <summary>Invariant 3: the superblock knows the chunk before its zone is written, and that it is more than opened ahead before its second frame.</summary>
    private bool Announce(OpenChunk chunk, ulong frame)
    {
        if (chunk.MayWrite(frame) || TryWriteSuperblock())
        {
            return true;
        }

        if (chunk.Chunk.FrameCount == 0)
        {
            _heads[chunk.Chunk.Class] = null;
            _state.Ledger.GiveBack(chunk.Chunk);
        }
        else
        {
            // It was laid out behind a frame that will never be there.
            Abandon(chunk);
        }

        return false;
    }

    private bool TryWriteSuperblock(bool clean = false)
    {
        try
        {
            _state.Superblocks.Write(_state.Ledger.Next(WallTime.Now(_state.Clock), _state.Classes.All, clean));
            _catalog.Durable(_state.Ledger.LastTransition);
            _gaveUp = false;
            SetAnnounced();
            return true;
        }
        catch (DeviceException failure)
        {
            RetryLater(failure);
            return false;
        }
    }

    /// <summary>A superblock lists every chunk that is open in memory.</summary>
    private void SetAnnounced()
    {
        for (int c = 0; c < _heads.Length; c++)
        {
            _heads[c]?.IsAnnounced = true;
            _resumable[c]?.IsAnnounced = true;
            _ahead[c]?.IsAnnouncedAhead = true;
        }

        _announced = _state.Ledger.LastTransition;
    }

    private void DiskFailed(OpenChunk chunk, DeviceException failure)
    {
        RetryLater(failure);
        if (ReferenceEquals(_heads[chunk.Chunk.Class], chunk))
        {
            GiveUp(chunk);
            LetGo(chunk.Chunk, wasCut: true);
        }
    }

    /// <summary>The place of its next frame is not certain any more: no further frame, and the footer when there is time.</summary>
    private void Abandon(OpenChunk chunk)
    {
        GiveUp(chunk);
        if (chunk.Chunk.FrameCount == 0)
        {
            _state.Ledger.GiveBack(chunk.Chunk);
        }
        else
        {
            _unsealed.Add(new UnsealedChunk(chunk.Chunk, MonotonicTime.Now(_state.Clock) + FirstSealRetry, FirstSealRetry * 2, WasCut: true));
        }
    }

    /// <summary>
    /// The chunk ends with its last durable frame. The superblock must say so before the samples of the failed one are written anew: that frame may be whole on the disk, and
    /// after a crash both would be found.
    /// </summary>
    private void GiveUp(OpenChunk chunk)
    {
        chunk.HasFailed = true;
        _heads[chunk.Chunk.Class] = null;
        _state.Ledger.GiveUp(chunk.Chunk);
        _gaveUp = true;
    }

    /// <summary>The same place is never tried again; another one is, at once at first, then ever more slowly, so that a dead disk does not eat zones.</summary>
    private void RetryLater(DeviceException failure)
    {
        _retryAt = MonotonicTime.Now(_state.Clock) + _retryAfter;
        _retryAfter = TimeSpan.FromTicks(Math.Min(_retryAfter.Ticks * 2, LongestRetry.Ticks));
        Fault($"The disk {_state.Device.Name} failed: {failure.Message} What is being recorded waits in memory until the disk takes writes again.");
        WallTime now = WallTime.Now(_state.Clock);
        _state.Counters.LastError = new DiskError(now, $"The disk {_state.Device.Name} failed at {now} and took writes again later: {failure.Message} Nothing was lost by it; have the disk checked.");
    }

    private void DiskWorks()
    {
        if (_retryAfter != FirstRetry || _state.Counters.Fault is not null)
        {
            _retryAfter = FirstRetry;
            _retryAt = default;
            Fault(null);
        }
    }

    private void Fault(string? words) => _state.Counters.Fault = words;
}

/// <summary>A chunk that is still to be sealed: it is full, or the disk refused its footer.</summary>
/// <param name="Chunk">The chunk; readable from memory.</param>
/// <param name="RetryAt">When its footer is tried, or tried again.</param>
/// <param name="RetryAfter">How long to wait if it fails then.</param>
/// <param name="WasCut">See <see cref="ChunkTrailer.WasCut"/>.</param>
internal readonly record struct UnsealedChunk(Chunk Chunk, MonotonicTime RetryAt, TimeSpan RetryAfter, bool WasCut);
