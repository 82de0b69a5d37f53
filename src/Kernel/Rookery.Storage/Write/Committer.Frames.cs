// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>From staged samples to frames, round by round.</summary>
internal sealed partial class Committer
{
    /// <summary>Two for each class, the second only while the first is at the disks. None is made before it is needed.</summary>
    private readonly FrameBuffer?[][] _buffers = [.. Enumerable.Range(0, 256).Select(_ => new FrameBuffer?[2])];

    private readonly List<FrameBuffer> _formed = [];
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

    /// <summary>Lays out one frame for each class and hands them to the disks, having waited for those before.</summary>
    /// <returns><c>false</c> when there is nothing left that could be written now.</returns>
    private bool WriteRound(ref bool any)
    {
        _formed.Clear();
        try
        {
            foreach (byte retentionClass in _waitingClasses)
            {
                Form(retentionClass);
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
                if (ReferenceEquals(_heads[frame.Chunk.Chunk.Class], frame.Chunk))
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

    /// <summary>Lays out one frame of a class, if it has something waiting and a chunk to write to.</summary>
    private void Form(byte retentionClass)
    {
        for (long waiting = WaitingBytes(retentionClass); waiting > 0;)
        {
            if (HeadFor(retentionClass, waiting) is not { } chunk)
            {
                return;
            }

            FrameBuffer frame = _buffers[retentionClass][_nextBuffer] ??= new FrameBuffer(FrameBytes);
            frame.Begin(chunk);
            _formed.Add(frame);
            Fill(frame, retentionClass);
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
            waiting = WaitingBytes(retentionClass);
        }
    }

    private void Fill(FrameBuffer frame, byte retentionClass)
    {
        if (!FillGaps(frame, retentionClass))
        {
            return;
        }

        foreach (StreamAppender appender in _staged)
        {
            while (appender.Class == retentionClass && appender.Placed < appender.StagedCount)
            {
                if (!FrameBuilder.TryPlace(frame, appender))
                {
                    return;
                }
            }
        }
    }

    /// <returns><c>false</c> when they do not all fit.</returns>
    private bool FillGaps(FrameBuffer frame, byte retentionClass)
    {
        // Closed up in one pass: after a long failure there may be tens of thousands.
        int left = 0;
        bool fit = true;
        for (int i = 0; i < _gaps.Count; i++)
        {
            StagedGap gap = _gaps[i];
            fit = fit && (gap.Class != retentionClass || FrameBuilder.TryPlace(frame, gap));
            if (!fit || gap.Class != retentionClass)
            {
                _gaps[left++] = gap;
            }
        }

        _gaps.RemoveRange(left, _gaps.Count - left);
        return fit;
    }

    private void Rollback(FrameBuffer frame)
    {
        for (int i = frame.Records.Count - 1; i >= 0; i--)
        {
            PlacedRecord record = frame.Records[i];
            record.Appender.Unplace(record.First, record.Sequence);
        }

        _gaps.InsertRange(0, frame.Gaps.Select(g => g.Gap));
    }

    private long WaitingBytes(byte retentionClass)
    {
        long bytes = 0;
        foreach (StagedGap gap in _gaps)
        {
            bytes += gap.Class == retentionClass ? RecordEntry.FixedBytes : 0;
        }

        foreach (StreamAppender appender in _staged)
        {
            if (appender.Class == retentionClass)
            {
                for (int i = appender.Placed; i < appender.StagedCount; i++)
                {
                    bytes += appender.Staged[i].Length + SampleTable.MinimumRowBytes;
                }
            }
        }

        return bytes;
    }
}
