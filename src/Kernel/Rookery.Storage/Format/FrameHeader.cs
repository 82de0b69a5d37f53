// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Buffers.Binary;
using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>The 48 bytes behind the part header of a data frame: how many records and formats follow, and where the payload begins.</summary>
/// <param name="Committed">The recorder's clock when the frame was formed.</param>
/// <param name="RecordCount">Records in the frame.</param>
/// <param name="FormatCount">Formats that this chunk refers to for the first time here.</param>
/// <param name="EntriesBytes">Size of the record entries, which follow this header.</param>
/// <param name="FormatsBytes">Size of the formats, which follow the entries.</param>
/// <param name="PayloadOffset">Where the payload begins, from the start of the frame's linear content.</param>
/// <param name="PayloadBytes">Size of the payload.</param>
/// <param name="Head">The head that writes the chunk.</param>
/// <param name="CommitNumber">
/// Grows with each frame of the disk, over all chunks and restarts: says which of two frames was written later, whatever the clock did between them; see
/// <see cref="PoolNumbers"/>.
/// </param>
internal readonly record struct FrameHeader(
    WallTime Committed, int RecordCount, int FormatCount, int EntriesBytes, int FormatsBytes, int PayloadOffset, int PayloadBytes, HeadId Head, ulong CommitNumber)
{
    public const int SizeBytes = 48;

    public void Write(Span<byte> destination)
    {
        Span<byte> d = destination[..SizeBytes];
        d.Clear();
        BinaryPrimitives.WriteInt64LittleEndian(d, Committed.Microseconds);
        BinaryPrimitives.WriteInt32LittleEndian(d[8..], RecordCount);
        BinaryPrimitives.WriteInt32LittleEndian(d[12..], FormatCount);
        BinaryPrimitives.WriteInt32LittleEndian(d[16..], EntriesBytes);
        BinaryPrimitives.WriteInt32LittleEndian(d[20..], FormatsBytes);
        BinaryPrimitives.WriteInt32LittleEndian(d[24..], PayloadOffset);
        BinaryPrimitives.WriteInt32LittleEndian(d[28..], PayloadBytes);
        d[32] = Head.Class;
        d[33] = Head.Number;
        BinaryPrimitives.WriteUInt64LittleEndian(d[40..], CommitNumber);
    }

    /// <param name="source">At least <see cref="SizeBytes"/> bytes that a checksum already covered.</param>
    /// <param name="part">The part header before it, for the bounds.</param>
    /// <param name="header">The result.</param>
    public static bool TryParse(ReadOnlySpan<byte> source, in PartHeader part, out FrameHeader header)
    {
        header = default;
        if (source.Length < SizeBytes)
        {
            return false;
        }

        header = new FrameHeader(
            new WallTime(BinaryPrimitives.ReadInt64LittleEndian(source)),
            BinaryPrimitives.ReadInt32LittleEndian(source[8..]),
            BinaryPrimitives.ReadInt32LittleEndian(source[12..]),
            BinaryPrimitives.ReadInt32LittleEndian(source[16..]),
            BinaryPrimitives.ReadInt32LittleEndian(source[20..]),
            BinaryPrimitives.ReadInt32LittleEndian(source[24..]),
            BinaryPrimitives.ReadInt32LittleEndian(source[28..]),
            new HeadId(source[32], source[33]),
            BinaryPrimitives.ReadUInt64LittleEndian(source[40..]));
        return header.RecordCount >= 0 && header.FormatCount >= 0 && header.EntriesBytes >= 0 && header.FormatsBytes >= 0
            && header.PayloadBytes >= 0
            && PartHeader.SizeBytes + SizeBytes + (long)header.EntriesBytes + header.FormatsBytes <= part.HeaderBytes
            && header.PayloadOffset >= part.HeaderBytes - PartHeader.SizeBytes
            && header.PayloadOffset + (long)header.PayloadBytes <= part.FrameContentBytes;
    }
}
