// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Buffers.Binary;
using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>
/// A stream goes on without a pause through all chunks of a head from one number to another, and its times there lie as far from the recorder's clock at all of them, within <see cref="Tolerance"/>.
/// Of its time in one chunk is known: it lies in <see cref="WallOf"/>. Where a run begins and ends is exact; so is all of a run of one chunk.
/// </summary>
internal struct ReferenceRun
{
    /// <summary>As it stands in the catalog.</summary>
    public const int SizeBytes = 64;

    /// <summary>What the distance of the two clocks may vary by: more than the rhythm of commits and a busy disk make of it. A search may look into the footers of that much more footage.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(2);

    private TimeSpan _firstStart;
    private TimeSpan _firstEnd;
    private TimeSpan _lowestStart;
    private TimeSpan _highestEnd;

    public ReferenceRun(Chunk chunk, int number, WallRange wall)
    {
        Head = chunk.Head;
        First = Last = number;
        Wall = wall;
        _firstStart = _lowestStart = wall.Start - chunk.Committed.Start;
        _firstEnd = _highestEnd = wall.End - chunk.Committed.End;
    }

    public HeadId Head { get; private init; }

    /// <summary>Numbers of the first and the last chunk, both included; see <see cref="ChunkOrder"/>.</summary>
    public int First { get; private set; }
    public int Last { get; private set; }

    /// <summary>From the earliest time to the latest.</summary>
    public WallRange Wall { get; private set; }

    public readonly int Count => Last - First + 1;

    public readonly bool Has(Chunk chunk) => Head == chunk.Head && chunk.Order >= First && chunk.Order <= Last;

    /// <summary>Where the time of the stream in a chunk of the run lies.</summary>
    public readonly WallRange WallOf(Chunk chunk) =>
        new WallRange(chunk.Committed.Start + _lowestStart, chunk.Committed.End + _highestEnd).Intersect(Wall);

    /// <summary>The same run, when the chunk with number 0 has that number.</summary>
    public readonly ReferenceRun Renumbered(int zero)
    {
        ReferenceRun run = this;
        run.First += zero;
        run.Last += zero;
        return run;
    }

    /// <summary>Joins a run that continues this one.</summary>
    /// <param name="last">The last chunk of this one; <c>null</c> when it was freed.</param>
    /// <param name="first">The first chunk of the next; likewise.</param>
    /// <param name="next">The next.</param>
    public bool TryJoin(Chunk? last, Chunk? first, in ReferenceRun next)
    {
        if (last is null || first is null || next.Head != Head || next.First != Last + 1 || (next.Wall.Start - Wall.End).Duration() > Continuity.BetweenRuns
            || first.Committed.Start < last.Committed.Start || first.Committed.End < last.Committed.End
            || next._lowestStart < _firstStart - Tolerance || next._highestEnd > _firstEnd + Tolerance)
        {
            return false;
        }

        Last = next.Last;
        Wall = new WallRange(WallTime.Min(Wall.Start, next.Wall.Start), WallTime.Max(Wall.End, next.Wall.End));
        _lowestStart = next._lowestStart < _lowestStart ? next._lowestStart : _lowestStart;
        _highestEnd = next._highestEnd > _highestEnd ? next._highestEnd : _highestEnd;
        return true;
    }

    public readonly void Write(Span<byte> d)
    {
        d[..SizeBytes].Clear();
        BinaryPrimitives.WriteInt32LittleEndian(d, First);
        BinaryPrimitives.WriteInt32LittleEndian(d[4..], Last);
        d[8] = Head.Class;
        d[9] = Head.Number;
        BinaryPrimitives.WriteInt64LittleEndian(d[16..], Wall.Start.Microseconds);
        BinaryPrimitives.WriteInt64LittleEndian(d[24..], Wall.End.Microseconds);
        BinaryPrimitives.WriteInt64LittleEndian(d[32..], _firstStart.Ticks);
        BinaryPrimitives.WriteInt64LittleEndian(d[40..], _firstEnd.Ticks);
        BinaryPrimitives.WriteInt64LittleEndian(d[48..], _lowestStart.Ticks);
        BinaryPrimitives.WriteInt64LittleEndian(d[56..], _highestEnd.Ticks);
    }

    public static ReferenceRun Read(ReadOnlySpan<byte> s) => new()
    {
        First = BinaryPrimitives.ReadInt32LittleEndian(s),
        Last = BinaryPrimitives.ReadInt32LittleEndian(s[4..]),
        Head = new HeadId(s[8], s[9]),
        Wall = new WallRange(new(BinaryPrimitives.ReadInt64LittleEndian(s[16..])), new(BinaryPrimitives.ReadInt64LittleEndian(s[24..]))),
        _firstStart = new TimeSpan(BinaryPrimitives.ReadInt64LittleEndian(s[32..])),
        _firstEnd = new TimeSpan(BinaryPrimitives.ReadInt64LittleEndian(s[40..])),
        _lowestStart = new TimeSpan(BinaryPrimitives.ReadInt64LittleEndian(s[48..])),
        _highestEnd = new TimeSpan(BinaryPrimitives.ReadInt64LittleEndian(s[56..])),
    };

    /// <summary>What is left before and behind a chunk that goes; either may be empty (<see cref="Count"/> 0).</summary>
    /// <param name="number">Number of the chunk that goes.</param>
    /// <param name="wall">The stream's time in it, if it is known exactly: then where its neighbours end and begin is, too, because nothing lies between.</param>
    /// <param name="before">The chunk before it; <c>null</c> when there is none, or it was freed.</param>
    /// <param name="after">The chunk behind it; likewise.</param>
    public readonly (ReferenceRun Before, ReferenceRun After) Without(int number, WallRange? wall, Chunk? before, Chunk? after)
    {
        ReferenceRun first = this;
        ReferenceRun second = this;
        first.Last = number - 1;
        second.First = number + 1;
        WallTime end = before is null ? Wall.End : WallOf(before).End;
        WallTime start = after is null ? Wall.Start : WallOf(after).Start;
        first.Wall = first.Wall with { End = wall is { } w ? WallTime.Min(end, w.Start + Continuity.BetweenRuns) : end };
        second.Wall = second.Wall with { Start = wall is { } v ? WallTime.Max(start, v.End - Continuity.BetweenRuns) : start };
        return (first, second);
    }
}
