// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;
using Rookery.Storage;

namespace Rookery.Recording;

/// <summary>
/// Keeps account of the time in which a channel is not recorded, and why, and writes it to the store: when recording resumes, when the cause changes,
/// and every <see cref="PieceLength"/> meanwhile, so that a power cut costs little of it. Pieces that touch are one gap when read.
/// </summary>
/// <remarks>Used under the channel's lock.</remarks>
internal sealed class GapLedger(IVideoStore store, StreamId stream)
{
    public static readonly TimeSpan PieceLength = TimeSpan.FromSeconds(30);

    private WallTime _start;
    private GapCause? _cause;

    public bool IsOpen => _cause is not null;

    /// <summary>From <paramref name="at"/> on nothing is recorded, because of <paramref name="cause"/>.</summary>
    public void Interrupt(WallTime at, GapCause cause, RetentionClassId retentionClass)
    {
        if (_cause == cause)
        {
            return;
        }

        if (_cause is null)
        {
            _start = at;
        }
        else
        {
            Write(at, retentionClass);
        }

        _cause = cause;
    }

    /// <summary>Recording goes on with a sample captured at <paramref name="at"/>.</summary>
    public void Resume(WallTime at, RetentionClassId retentionClass)
    {
        Write(at, retentionClass);
        _cause = null;
    }

    /// <summary>Forgets an open gap: there was nothing to record before.</summary>
    public void Discard() => _cause = null;

    public void Tick(WallTime now, RetentionClassId retentionClass)
    {
        // The clock was set back: what is told from here on lies before what was told last.
        _start = WallTime.Min(_start, now);
        if (IsOpen && now - _start >= PieceLength)
        {
            Write(now, retentionClass);
        }
    }

    /// <summary>Writes what is open up to <paramref name="until"/> and goes on from there.</summary>
    public void Write(WallTime until, RetentionClassId retentionClass)
    {
        if (_cause is not { } cause || until <= _start)
        {
            return;
        }

        store.AppendGap(stream, 0, retentionClass, new Gap(new WallRange(_start, until), cause));
        _start = until;
    }
}
