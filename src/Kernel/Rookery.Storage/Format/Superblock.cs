// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Buffers.Binary;
using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>A column of a chunk that may have no footer yet. It is listed before the chunk's first frame is written, and until its footer is durable.</summary>
/// <param name="Zone">Where it lies on this disk.</param>
/// <param name="Head">The head that writes the chunk.</param>
/// <param name="Chunk">The chunk's number.</param>
/// <param name="Generation">The chunk's generation.</param>
/// <param name="Frames">0: it goes as far as its frames can be followed. Else the writer gave it up behind so many frames; a frame that stands there still was written anew elsewhere.</param>
/// <param name="Column">Which column.</param>
/// <param name="Layout">Layout of the chunk.</param>
/// <param name="IsRebuilt">The column is being filled from the others; before it is done it holds nothing that counts.</param>
/// <param name="IsAhead">Opened ahead of need: nothing was written behind its first frame, because a second one is written only when a superblock without this is durable.</param>
internal readonly record struct OpenColumn(
    int Zone, HeadId Head, ulong Chunk, ulong Generation, ushort Frames = 0, byte Column = 0, ChunkLayout Layout = default, bool IsRebuilt = false, bool IsAhead = false)
{
    public const int SizeBytes = 32;
    private const byte Rebuilt = 1;
    private const byte Ahead = 2;

    public byte Class => Head.Class;

    public void Write(Span<byte> d)
    {
        BinaryPrimitives.WriteInt32LittleEndian(d, Zone);
        d[4] = Head.Class;
        d[5] = Column;
        d[6] = (byte)Layout.DataColumns;
        d[7] = (byte)Layout.ParityColumns;
        d[8] = (byte)((IsRebuilt ? Rebuilt : 0) | (IsAhead ? Ahead : 0));
        d[9] = Head.Number;
        BinaryPrimitives.WriteUInt16LittleEndian(d[10..], Frames);
        BinaryPrimitives.WriteUInt64LittleEndian(d[16..], Chunk);
        BinaryPrimitives.WriteUInt64LittleEndian(d[24..], Generation);
    }

    public static bool TryParse(ReadOnlySpan<byte> s, out OpenColumn entry)
    {
        entry = default;
        if (!ChunkLayout.IsValid(s[6], s[7]) || s[5] >= s[6] + s[7])
        {
            return false;
        }

        entry = new OpenColumn(
            BinaryPrimitives.ReadInt32LittleEndian(s), new HeadId(s[4], s[9]), BinaryPrimitives.ReadUInt64LittleEndian(s[16..]), BinaryPrimitives.ReadUInt64LittleEndian(s[24..]),
            BinaryPrimitives.ReadUInt16LittleEndian(s[10..]), s[5], new ChunkLayout(s[6], s[7]), (s[8] & Rebuilt) != 0, (s[8] & Ahead) != 0);
        return true;
    }
}

/// <summary>What happened to a zone.</summary>
internal enum ZoneChange : byte
{
    Opened = 1,
    Sealed = 2,
    Freed = 3,

    /// <summary>The zone lost its column, but the chunk stays: the column was moved, or is rebuilt elsewhere.</summary>
    Dropped = 4,
}

/// <summary>One step in the life of a zone. Numbers grow without holes, so a catalog knows which of them it has not seen.</summary>
internal readonly record struct ZoneTransition(ulong Number, int Zone, ZoneChange Change, byte Class, ulong Generation);

/// <summary>
/// The root of a disk: identity, geometry, counters, which columns are open, which zones are surely free, and the latest zone transitions. One block of 4 KiB;
/// <see cref="SuperblockSet"/> keeps the four copies. Layout in docs/formats/video-store.md, "Superblock".
/// </summary>
internal sealed record Superblock
{
    public const int SizeBytes = 4096;
    public const int MaximumOpen = 40;
    public const int MaximumSpares = 16;
    public const int MaximumTransitions = 100;
    private const ulong Magic = 0x31_52_45_50_55_53_4B_52; // "RKSUPER1"
    private const uint Version = 1;
    private const int OpenAt = 256;
    private const int SparesAt = OpenAt + (MaximumOpen * OpenColumn.SizeBytes);
    private const int TransitionsAt = SparesAt + (MaximumSpares * 4);

    public required ulong Sequence { get; init; }
    public required UInt128 Pool { get; init; }
    public required UInt128 Disk { get; init; }

    /// <summary>The disk's number in the pool, given once and never used again.</summary>
    public ushort Number { get; init; }
    public required StoreGeometry Geometry { get; init; }
    public required WallTime Created { get; init; }
    public WallTime Written { get; init; }

    /// <summary>One more than that of any opening that one of the disks had seen; see <see cref="PoolNumbers"/>.</summary>
    public required ulong OpenEpoch { get; init; }
    public required ulong NextChunk { get; init; }

    /// <summary>Lowest generation that this opening of the pool had not given out when the superblock was written; see <see cref="PoolNumbers"/>.</summary>
    public required ulong NextGeneration { get; init; }

    /// <summary>The store was closed in order: the chunks that are listed as open end with a whole frame.</summary>
    public bool Clean { get; init; }

    public ulong LastTransition { get; init; }
    public IReadOnlyList<OpenColumn> Open { get; init; } = [];

    /// <summary>Zones that may be written without knowing anything else of the disk: recording resumes in them while the index is still being rebuilt.</summary>
    public IReadOnlyList<int> Spares { get; init; } = [];

    /// <summary>The latest transitions, oldest first, ending with <see cref="LastTransition"/>.</summary>
    public IReadOnlyList<ZoneTransition> Transitions { get; init; } = [];

    public void Write(Span<byte> destination)
    {
        Span<byte> d = destination[..SizeBytes];
        d.Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(d, Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(d[8..], Version);
        BinaryPrimitives.WriteUInt32LittleEndian(d[12..], Clean ? 1u : 0u);
        BinaryPrimitives.WriteUInt64LittleEndian(d[16..], Sequence);
        BinaryPrimitives.WriteUInt128LittleEndian(d[24..], Pool);
        BinaryPrimitives.WriteUInt128LittleEndian(d[40..], Disk);
        BinaryPrimitives.WriteInt64LittleEndian(d[56..], Geometry.CapacityBytes);
        BinaryPrimitives.WriteInt64LittleEndian(d[64..], Geometry.ZoneBytes);
        BinaryPrimitives.WriteInt32LittleEndian(d[72..], Geometry.ZoneCount);
        BinaryPrimitives.WriteUInt16LittleEndian(d[76..], Number);
        BinaryPrimitives.WriteUInt64LittleEndian(d[80..], OpenEpoch);
        BinaryPrimitives.WriteUInt64LittleEndian(d[88..], NextChunk);
        BinaryPrimitives.WriteUInt64LittleEndian(d[96..], NextGeneration);
        BinaryPrimitives.WriteUInt64LittleEndian(d[104..], LastTransition);
        BinaryPrimitives.WriteInt64LittleEndian(d[112..], Created.Microseconds);
        BinaryPrimitives.WriteInt64LittleEndian(d[120..], Written.Microseconds);
        BinaryPrimitives.WriteInt32LittleEndian(d[128..], Open.Count);
        BinaryPrimitives.WriteInt32LittleEndian(d[132..], Spares.Count);
        BinaryPrimitives.WriteInt32LittleEndian(d[136..], Transitions.Count);
        for (int i = 0; i < Open.Count; i++)
        {
            Open[i].Write(d[(OpenAt + (i * OpenColumn.SizeBytes))..]);
        }

        for (int i = 0; i < Spares.Count; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(d[(SparesAt + (i * 4))..], Spares[i]);
        }

        for (int i = 0; i < Transitions.Count; i++)
        {
            Span<byte> e = d[(TransitionsAt + (i * 24))..];
            BinaryPrimitives.WriteUInt64LittleEndian(e, Transitions[i].Number);
            BinaryPrimitives.WriteInt32LittleEndian(e[8..], Transitions[i].Zone);
            e[12] = (byte)Transitions[i].Change;
            e[13] = Transitions[i].Class;
            BinaryPrimitives.WriteUInt64LittleEndian(e[16..], Transitions[i].Generation);
        }

        BinaryPrimitives.WriteUInt32LittleEndian(d[4092..], Crc32C.Compute(d[..4092]));
    }

    /// <summary>Parses one copy; <c>null</c> for a block that is torn, foreign, or says what a writer never says.</summary>
    public static Superblock? Parse(ReadOnlySpan<byte> s)
    {
        if (s.Length < SizeBytes || BinaryPrimitives.ReadUInt64LittleEndian(s) != Magic || BinaryPrimitives.ReadUInt32LittleEndian(s[8..]) != Version
            || BinaryPrimitives.ReadUInt32LittleEndian(s[4092..]) != Crc32C.Compute(s[..4092]))
        {
            return null;
        }

        var geometry = new StoreGeometry(
            BinaryPrimitives.ReadInt64LittleEndian(s[56..]), BinaryPrimitives.ReadInt64LittleEndian(s[64..]), BinaryPrimitives.ReadInt32LittleEndian(s[72..]));
        int openCount = BinaryPrimitives.ReadInt32LittleEndian(s[128..]);
        int spareCount = BinaryPrimitives.ReadInt32LittleEndian(s[132..]);
        int transitionCount = BinaryPrimitives.ReadInt32LittleEndian(s[136..]);
        if (!geometry.IsValid || BinaryPrimitives.ReadUInt64LittleEndian(s[80..]) >= PoolNumbers.EpochEnd - 1 || (uint)openCount > MaximumOpen || (uint)spareCount > MaximumSpares || (uint)transitionCount > MaximumTransitions)
        {
            return null;
        }

        var open = new OpenColumn[openCount];
        for (int i = 0; i < openCount; i++)
        {
            if (!OpenColumn.TryParse(s[(OpenAt + (i * OpenColumn.SizeBytes))..], out open[i]))
            {
                return null;
            }
        }

        var spares = new int[spareCount];
        for (int i = 0; i < spareCount; i++)
        {
            spares[i] = BinaryPrimitives.ReadInt32LittleEndian(s[(SparesAt + (i * 4))..]);
        }

        var transitions = new ZoneTransition[transitionCount];
        for (int i = 0; i < transitionCount; i++)
        {
            ReadOnlySpan<byte> e = s[(TransitionsAt + (i * 24))..];
            transitions[i] = new ZoneTransition(
                BinaryPrimitives.ReadUInt64LittleEndian(e), BinaryPrimitives.ReadInt32LittleEndian(e[8..]), (ZoneChange)e[12], e[13],
                BinaryPrimitives.ReadUInt64LittleEndian(e[16..]));
        }

        bool zonesExist = open.All(e => (uint)e.Zone < geometry.ZoneCount) && spares.All(z => (uint)z < geometry.ZoneCount)
            && transitions.All(t => (uint)t.Zone < geometry.ZoneCount);
        return !zonesExist ? null : new Superblock
        {
            Sequence = BinaryPrimitives.ReadUInt64LittleEndian(s[16..]),
            Pool = BinaryPrimitives.ReadUInt128LittleEndian(s[24..]),
            Disk = BinaryPrimitives.ReadUInt128LittleEndian(s[40..]),
            Number = BinaryPrimitives.ReadUInt16LittleEndian(s[76..]),
            Geometry = geometry,
            Created = new WallTime(BinaryPrimitives.ReadInt64LittleEndian(s[112..])),
            Written = new WallTime(BinaryPrimitives.ReadInt64LittleEndian(s[120..])),
            OpenEpoch = BinaryPrimitives.ReadUInt64LittleEndian(s[80..]),
            NextChunk = BinaryPrimitives.ReadUInt64LittleEndian(s[88..]),
            NextGeneration = BinaryPrimitives.ReadUInt64LittleEndian(s[96..]),
            Clean = BinaryPrimitives.ReadUInt32LittleEndian(s[12..]) == 1,
            LastTransition = BinaryPrimitives.ReadUInt64LittleEndian(s[104..]),
            Open = open,
            Spares = spares,
            Transitions = transitions,
        };
    }
}
