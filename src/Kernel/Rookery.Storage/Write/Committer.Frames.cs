// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>From staged samples to frames, round by round.</summary>
internal sealed partial class Committer
{
    private readonly List<FrameBuffer> _formed = [];
    private readonly List<WriteHead> _round = [];
    private int _nextBuffer;

    /// <summary>Writes all that is staged. <c>false</c> when there was nothing to write.</summary>
    private bool WriteRounds()
    {
        bool any = false;
        while (Writable(MonotonicTime.Now(_state.Clock)).Count > 0)
        {
            if (!WriteRound(ref any))
            {
                break;
            }
        }

        CompleteUnderWay();
        // Nothing is under way: begin with the first buffers again. While one frame holds a whole commit, which is the rule, the pages of the second are never touched.
        _nextBuffer = 0;
        return any;
    }

    /// <summary>Lays out one frame for each head and hands them to the disks, having waited for those before.</summary>
    /// <returns><c>false</c> when there is nothing left that could be written now.</returns>
    private bool WriteRound(ref bool any)
    {
        _formed.Clear();
        try
        {
            // A head without a zone may have what is held of a chunk copied, and with it the head of the copies comes into being.
            _round.Clear();
            _round.AddRange(_heads.All);
            foreach (WriteHead head in _round)
            {
                Form(head);
            }

            any |= _formed.Count > 0;
            bool wereDurable = CompleteUnderWay();
            if (_formed.Count == 0)
            {
                // What failed waits again: another disk may take it.
                return !wereDurable;
            }

            _formed.RemoveAll(frame => frame.Chunk.HasFailed && TakeBack(frame));
            Announce(_formed);
            Submit(_formed);
            _nextBuffer ^= 1;
            return true;
        }
        catch
        {
            TakeBackAll();
            throw;
        }
    }

    /// <summary>An error of the program. What is half done is undone, or the samples would be acknowledged with the next frame without being in it.</summary>
    private void TakeBackAll()
    {
        List<FrameBuffer> formed = [.. _formed.Except(_underWay)];
        formed.ForEach(Rollback);
        try
        {
            CompleteUnderWay();
        }
        finally
        {
            foreach (FrameBuffer frame in formed)
            {
                if (_heads.WithCurrent(frame.Chunk) is not null)
                {
                    Abandon(frame.Chunk);
                }
            }
        }
    }

    private bool TakeBack(FrameBuffer frame)
    {
        Rollback(frame);
        return true;
    }

    /// <summary>Lays out one frame of a head, if it has something waiting and a chunk to write to.</summary>
    private void Form(WriteHead head)
    {
        for (long waiting = head.WaitingBytes; waiting > 0;)
        {
            if (ChunkFor(head, waiting) is not { } chunk)
            {
                return;
            }

            FrameBuffer frame = head.Buffer(_nextBuffer, FrameBytes);
            frame.Begin(chunk);
            _formed.Add(frame);
            head.Fill(frame);
            if (!frame.IsEmpty)
            {
                FrameBuilder.Finish(frame, _state.Numbers.TakeCommit(), WallTime.Now(_state.Clock));
                return;
            }

            _formed.Remove(frame);
            if (chunk.Position == 0)
            {
                // Cannot be: an appender refuses samples that do not fit into an empty chunk.
                throw new InvalidOperationException("A staged sample does not fit into an empty chunk.");
            }

            PutAway(chunk);
            // What was under way may have failed, and waits again.
            waiting = head.WaitingBytes;
        }
    }

    private void Rollback(FrameBuffer frame)
    {
        for (int i = frame.Records.Count - 1; i >= 0; i--)
        {
            PlacedRecord record = frame.Records[i];
            record.Appender.Unplace(record.First, record.Sequence);
        }

        _heads.Get(frame.Chunk.Chunk.Head).Gaps.InsertRange(0, frame.Gaps.Select(g => g.Gap));
    }
}
