// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Buffers.Binary;
using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>What a record is. A gap is a record too: it has no samples and no payload.</summary>
internal enum RecordKind : byte
{
    Samples = 1,
    Gap = 2,
}

/// <summary>Facts about a record that spare a look into its sample table.</summary>
[Flags]
internal enum RecordFlags : byte
{
    None = 0,
    StartsAtRandomAccess = 1,
    HasRandomAccess = 2,
}

/// <summary>
/// The description of a record: 104 fixed bytes, then its sample table. The same bytes stand in the frame, in the memory of the open chunk and in the footer,
/// so that one parser reads them all.
/// </summary>
internal readonly record struct RecordEntry
{
    public const int FixedBytes = 104;
    public const int KindOffset = 4;

    /// <summary>Fixed part and sample table, padded to a multiple of 8.</summary>
    public required int EntryBytes { get; init; }
    public required RecordKind Kind { get; init; }
    public RecordFlags Flags { get; init; }
    public GapCause GapCause { get; init; }
    public required StreamId Stream { get; init; }
    public required ulong Epoch { get; init; }
    public ulong Run { get; init; }
    public uint Sequence { get; init; }
    public int SampleCount { get; init; }
    public required WallRange Wall { get; init; }
    public long DecodeTime { get; init; }
    public uint Timescale { get; init; }
    public int PayloadBytes { get; init; }

    /// <summary>Where the payload lies in the chunk.</summary>
    public ContentPlace Payload { get; init; }
    public uint PayloadChecksum { get; init; }
    public FormatId Format { get; init; }

    /// <summary>Writes the fixed part; the sample table is already behind it.</summary>
    public void Write(Span<byte> destination)
    {
        Span<byte> d = destination[..FixedBytes];
        BinaryPrimitives.WriteInt32LittleEndian(d, EntryBytes);
        d[KindOffset] = (byte)Kind;
        d[5] = (byte)Flags;
        d[6] = (byte)GapCause;
        d[7] = 0;
        BinaryPrimitives.WriteUInt64LittleEndian(d[8..], Stream.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(d[16..], Epoch);
        BinaryPrimitives.WriteUInt64LittleEndian(d[24..], Run);
        BinaryPrimitives.WriteUInt32LittleEndian(d[32..], Sequence);
        BinaryPrimitives.WriteInt32LittleEndian(d[36..], SampleCount);
        BinaryPrimitives.WriteInt64LittleEndian(d[40..], Wall.Start.Microseconds);
        BinaryPrimitives.WriteInt64LittleEndian(d[48..], Wall.End.Microseconds);
        BinaryPrimitives.WriteInt64LittleEndian(d[56..], DecodeTime);
        BinaryPrimitives.WriteUInt32LittleEndian(d[64..], Timescale);
        BinaryPrimitives.WriteInt32LittleEndian(d[68..], PayloadBytes);
        WritePayloadPlace(d, Payload, PayloadChecksum);
        BinaryPrimitives.WriteUInt128LittleEndian(d[88..], Format.Value);
    }

    /// <summary>Fills in where the payload lies, which is known only when the whole frame has been laid out.</summary>
    public static void WritePayloadPlace(Span<byte> entry, in ContentPlace place, uint checksum)
    {
        BinaryPrimitives.WriteInt32LittleEndian(entry[72..], (int)place.FrameOffset);
        BinaryPrimitives.WriteInt32LittleEndian(entry[76..], place.PartBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(entry[80..], checksum);
        BinaryPrimitives.WriteInt32LittleEndian(entry[84..], place.ContentOffset);
    }

    /// <summary>Parses the entry at the start of <paramref name="source"/>; <c>false</c> for anything a writer never makes.</summary>
    public static bool TryParse(ReadOnlySpan<byte> source, out RecordEntry entry)
    {
        entry = default;
        if (source.Length < FixedBytes)
        {
            return false;
        }

        entry = new RecordEntry
        {
            EntryBytes = BinaryPrimitives.ReadInt32LittleEndian(source),
            Kind = (RecordKind)source[KindOffset],
            Flags = (RecordFlags)source[5],
            GapCause = (GapCause)source[6],
            Stream = new StreamId(BinaryPrimitives.ReadUInt64LittleEndian(source[8..])),
            Epoch = BinaryPrimitives.ReadUInt64LittleEndian(source[16..]),
            Run = BinaryPrimitives.ReadUInt64LittleEndian(source[24..]),
            Sequence = BinaryPrimitives.ReadUInt32LittleEndian(source[32..]),
            SampleCount = BinaryPrimitives.ReadInt32LittleEndian(source[36..]),
            Wall = new WallRange(
                new WallTime(BinaryPrimitives.ReadInt64LittleEndian(source[40..])),
                new WallTime(BinaryPrimitives.ReadInt64LittleEndian(source[48..]))),
            DecodeTime = BinaryPrimitives.ReadInt64LittleEndian(source[56..]),
            Timescale = BinaryPrimitives.ReadUInt32LittleEndian(source[64..]),
            PayloadBytes = BinaryPrimitives.ReadInt32LittleEndian(source[68..]),
            Payload = new ContentPlace(
                BinaryPrimitives.ReadInt32LittleEndian(source[72..]), BinaryPrimitives.ReadInt32LittleEndian(source[76..]), BinaryPrimitives.ReadInt32LittleEndian(source[84..])),
            PayloadChecksum = BinaryPrimitives.ReadUInt32LittleEndian(source[80..]),
            Format = new FormatId(BinaryPrimitives.ReadUInt128LittleEndian(source[88..])),
        };
        return entry.EntryBytes >= FixedBytes && entry.EntryBytes <= source.Length && entry.EntryBytes % 8 == 0
            && entry.Kind is RecordKind.Samples or RecordKind.Gap
            && WallBounds.Contains(entry.Wall)
            && entry.PayloadBytes >= 0 && (entry.Kind == RecordKind.Gap || entry.Payload.IsValid)
            // A row takes at least four bytes: a count that the table cannot hold would make a reader allocate for nothing.
            && entry.SampleCount >= 0 && entry.SampleCount <= (entry.EntryBytes - FixedBytes) / SampleTable.MinimumRowBytes
            && (entry.Kind == RecordKind.Samples ? entry.SampleCount > 0 && entry.Timescale > 0 : entry.SampleCount == 0 && entry.PayloadBytes == 0);
    }
}
