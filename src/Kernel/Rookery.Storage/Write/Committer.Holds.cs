// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>
/// Copies what is held of chunks that go: between two commits a frame at a time, at once when a head has no zone. The copies lie in chunks of a class of their own, and are durable before
/// anything is freed. Design: docs/design/storage.md, "Holds".
/// </summary>
internal sealed partial class Committer
{
    private static readonly HeadId HeldHead = new(RetentionClassId.Held.Value, 0);

    private HoldCopy? _copy;

    public HoldKeeper Holds => _retention.Holds;

    /// <summary>Holds, as they are to be from now on: durable first, then in force.</summary>
    /// <exception cref="StoreException">No disk took them, or there are too many: they are as before.</exception>
    public void SetHolds(IReadOnlyList<Hold> holds)
    {
        List<PoolHold> said = [.. holds.Select(PoolHold.Of)];
        if (PoolDocument.SizeOf(said) > PoolDocument.MaximumHoldBytes)
        {
            throw new StoreException("The pool has as many holds as its disks have room to note. Release some that are not needed any more.");
        }

        PoolDocument before = _state.Document;
        _state.Document = before with { Holds = said.Count == 0 ? null : said };
        if (!SaveDocument())
        {
            _state.Document = before with { Sequence = _state.Document.Sequence };
            throw new StoreException("No disk of the pool took the change of the holds.");
        }

        _state.Holds = holds;
        if (_retention.HoldsChanged())
        {
            PutAwayCopies();
        }
    }

    /// <summary>Something is not held any more: a chunk of copies is looked at again only when it is sealed.</summary>
    private void PutAwayCopies()
    {
        if (_heads.Find(HeldHead) is not { } head)
        {
            return;
        }

        GiveBackAhead(head);
        Retire(head);
        if (head.Resumable is { } resumable)
        {
            head.Resumable = null;
            LetGo(resumable.Chunk, wasCut: false);
        }
    }

    /// <summary>The next frame of copies, if there is something to be copied.</summary>
    private void CopySome()
    {
        if (_retention.Holds.Active.IsEmpty)
        {
            _copy = null;
            PutAwayCopies();
            return;
        }

        if (_copy is null && _retention.NextToCopy is { } next)
        {
            _copy = BeginCopy(next);
        }

        if (_copy is { } copy && Step(copy) is { } hasCopied)
        {
            _copy = null;
            if (hasCopied)
            {
                _retention.Copied(copy.Source, copy.Version);
            }
            else
            {
                _retention.NotCopied(copy.Source);
            }
        }
    }

    /// <summary>A head has no zone: copies what is held of a chunk and frees it.</summary>
    private bool CopyNow(Chunk chunk)
    {
        CompleteUnderWay();
        HoldCopy? copy = ReferenceEquals(_copy?.Source, chunk) && _copy.Version == Holds.Version ? _copy : BeginCopy(chunk);
        _copy = null;
        bool? hasCopied = copy is null ? false : null;
        while (hasCopied is null)
        {
            hasCopied = Step(copy!);
        }

        return hasCopied.Value && _retention.Copied(chunk, copy!.Version);
    }

    private HoldCopy? BeginCopy(Chunk chunk)
    {
        try
        {
            return new HoldCopy(chunk, Holds.Version, Holds.ToCopy(chunk));
        }
        catch (RecordLostException)
        {
            Holds.KeepWhole(chunk);
            _retention.NotCopied(chunk);
            return null;
        }
    }

    /// <returns><c>null</c>: there is more to be copied. <c>false</c>: it cannot be copied now.</returns>
    private bool? Step(HoldCopy copy)
    {
        if (copy.IsDone)
        {
            return true;
        }

        if (copy.Version != Holds.Version || copy.Source.State != ChunkState.Sealed)
        {
            return false;
        }

        try
        {
            return TryWriteFrame(copy) ? copy.IsDone ? true : null : false;
        }
        catch (RecordLostException)
        {
            Holds.KeepWhole(copy.Source);
            return false;
        }
    }

    private bool TryWriteFrame(HoldCopy copy)
    {
        WriteHead head = _heads.Get(HeldHead);
        FrameBuffer frame = head.Buffer(0, FrameBytes);
        int count = 0;
        // What does not fit into what is left of a chunk fits into the next.
        for (int tries = 2; tries > 0 && count == 0; tries--)
        {
            if (ChunkFor(head, copy.WaitingBytes) is not { } chunk)
            {
                return false;
            }

            frame.Begin(chunk);
            count = copy.Fill(frame, _state.PoolReader, _state.Formats);
            if (count == 0)
            {
                if (chunk.Position == 0)
                {
                    // It was recorded with larger frames than there are now.
                    Holds.KeepWhole(copy.Source);
                    return false;
                }

                PutAway(chunk);
            }
        }

        if (count == 0)
        {
            return false;
        }

        FrameBuilder.Finish(frame, _state.Numbers.TakeCommit(), WallTime.Now(_state.Clock));
        List<FrameBuffer> frames = [frame];
        Announce(frames);
        Submit(frames);
        bool isDurable = CompleteUnderWay() && frames.Count > 0;
        copy.Done(isDurable ? count : 0);
        return isDurable;
    }
}
