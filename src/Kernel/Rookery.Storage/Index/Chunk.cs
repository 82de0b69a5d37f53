// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>Where a chunk is in its life.</summary>
internal enum ChunkState : byte
{
    /// <summary>Being written, or waiting for its footer; its record entries are in memory.</summary>
    Open = 0,

    /// <summary>Its footer is durable.</summary>
    Sealed = 1,

    /// <summary>Retention took it; its zones are used again when the last reader has gone.</summary>
    Freed = 2,
}

/// <summary>What memory knows of a chunk.</summary>
/// <remarks>Changed by the disk's thread only; readers take <see cref="TryPin"/> first and see what was published before.</remarks>
/// <param name="id">Its number, for people.</param>
/// <param name="generation">Its generation: no other chunk of the pool ever has it.</param>
/// <param name="head">The head that writes it, or wrote it.</param>
/// <param name="layout">Its layout.</param>
/// <param name="columns">Where its columns lie, D+P of them; <see cref="ColumnPlace.None"/> for a lost one.</param>
internal sealed class Chunk(ulong id, ulong generation, HeadId head, ChunkLayout layout, ColumnPlace[] columns)
{
    /// <summary>Shared by many chunks: a large disk has a hundred thousand, and what is done under one of these takes nanoseconds.</summary>
    private static readonly Lock[] Gates = [.. Enumerable.Range(0, 64).Select(_ => new Lock())];

    private volatile ColumnPlace[] _columns = columns;
    private int _pins;

    /// <summary>Found anew each time: half a million chunks would keep 4 MB of references to these few.</summary>
    private Lock Gate => Gates[generation % 64];

    public ulong Id => id;
    public ulong Generation => generation;
    public HeadId Head => head;
    public byte Class => head.Class;
    public ChunkLayout Layout => layout;

    /// <summary>Where the columns lie. Never changed in place: whoever took it keeps what was true then.</summary>
    public ColumnPlace[] Columns => _columns;

    /// <summary>A column was lost, found or rebuilt. For <see cref="ChunkTable.SetColumn"/> only, which counts chunks that lack one.</summary>
    public void SetColumn(int column, ColumnPlace place)
    {
        ColumnPlace[] next = [.. _columns];
        next[column] = place;
        _columns = next;
    }

    /// <summary>Which column lies on a disk; −1 for none.</summary>
    public int ColumnOn(int disk) => Array.FindIndex(_columns, c => c.Disk == disk);

    public bool IsWhole => !Array.Exists(_columns, static c => c.IsNone);
    public ChunkState State { get; private set; } = ChunkState.Open;

    /// <summary>Earliest and latest capture time of its records and gaps. Asked for by the status while the disk's thread changes it: two numbers that must not be of different times.</summary>
    public WallRange Wall
    {
        get
        {
            lock (Gate)
            {
                return field;
            }
        }

        set
        {
            lock (Gate)
            {
                field = value;
            }
        }
    }

    /// <summary>The recorder's clock at its first and last commit.</summary>
    public WallRange Committed { get; set; }

    /// <summary>End of the last durable frame, from the start of the zone.</summary>
    public long DataEnd { get; set; }

    /// <summary>Number of durable frames.</summary>
    public ulong FrameCount { get; set; }

    /// <summary>See <see cref="FrameHeader.CommitNumber"/>; of the last durable frame. A chunk that was resumed after a stop may be written later than others that were opened after it.</summary>
    public ulong CommitNumber { get; set; }

    /// <summary>The record entries, while there is no footer; <c>null</c> afterwards.</summary>
    public ChunkSections? Sections { get; set; }

    /// <summary>Its place among the chunks of its head; belongs to <see cref="ChunkOrder"/>.</summary>
    public int Order { get; set; } = -1;

    /// <summary>Size of the tail at the end of the zone, and where the footer begins; 0 while open.</summary>
    public int TailBytes { get; set; }
    public long FooterStart { get; set; }

    /// <summary>Nobody reads from its zones now.</summary>
    public bool IsUnread
    {
        get
        {
            lock (Gate)
            {
                return _pins == 0;
            }
        }
    }

    /// <summary>The zones may be used again once this is true.</summary>
    public bool IsReleased
    {
        get
        {
            lock (Gate)
            {
                return State == ChunkState.Freed && _pins == 0;
            }
        }
    }

    /// <summary>Keeps the zones from being used again until <see cref="Unpin"/>; <c>false</c> when the chunk is already freed.</summary>
    public bool TryPin()
    {
        lock (Gate)
        {
            if (State == ChunkState.Freed)
            {
                return false;
            }

            _pins++;
            return true;
        }
    }

    public void Unpin()
    {
        lock (Gate)
        {
            _pins--;
        }
    }

    public void Seal(in ChunkTrailer trailer)
    {
        lock (Gate)
        {
            TailBytes = trailer.TailBytes;
            FooterStart = trailer.FooterStart;
            DataEnd = trailer.DataEnd;
            FrameCount = trailer.FrameCount;
            CommitNumber = trailer.CommitNumber;
            Wall = trailer.Wall;
            Committed = trailer.Committed;
            State = ChunkState.Sealed;
            Sections = null;
        }
    }

    public void Free()
    {
        lock (Gate)
        {
            State = ChunkState.Freed;
        }
    }

    /// <summary>Record entries in memory, if it still has them: a seal on the disk's thread may take them away at any time.</summary>
    public ChunkSections? OpenSections
    {
        get
        {
            lock (Gate)
            {
                return Sections;
            }
        }
    }
}
