// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Media.Bitstream;

namespace Rookery.Media.Rtp;

/// <summary>The widths of the fields of an AU header in bits (RFC 3640 §3.2.1.1, §4.1).</summary>
internal readonly record struct AuHeaderLayout
{
    private int SizeLength { get; init; }

    private int IndexLength { get; init; }

    private int IndexDeltaLength { get; init; }

    private int CompositionDeltaLength { get; init; }

    private int DecodingDeltaLength { get; init; }

    private int RandomAccessLength { get; init; }

    private int StreamStateLength { get; init; }

    private int AuxiliarySizeLength { get; init; }

    /// <summary>There are no headers: a packet is one access unit.</summary>
    public bool IsEmpty => MinimumBits == 0;

    /// <summary>The shortest header.</summary>
    public int MinimumBits => SizeLength + Math.Min(IndexLength, IndexDeltaLength) + (CompositionDeltaLength > 0 ? 1 : 0)
        + (DecodingDeltaLength > 0 ? 1 : 0) + RandomAccessLength + StreamStateLength;

    /// <summary>Cameras that leave the widths out mean AAC-hbr, whatever <c>mode</c> says.</summary>
    public static AuHeaderLayout From(RtpPayloadFormat payload)
    {
        bool lowBitrate = string.Equals(payload.Parameter("mode"), "AAC-lbr", StringComparison.OrdinalIgnoreCase);
        return new AuHeaderLayout
        {
            SizeLength = payload.Parameter("sizeLength", lowBitrate ? 6 : 13, 0, 32),
            IndexLength = payload.Parameter("indexLength", lowBitrate ? 2 : 3, 0, 32),
            IndexDeltaLength = payload.Parameter("indexDeltaLength", lowBitrate ? 2 : 3, 0, 32),
            CompositionDeltaLength = payload.Parameter("CTSDeltaLength", 0, 0, 32),
            DecodingDeltaLength = payload.Parameter("DTSDeltaLength", 0, 0, 32),
            RandomAccessLength = payload.Parameter("randomAccessIndication", 0, 0, 1),
            StreamStateLength = payload.Parameter("streamStateIndication", 0, 0, 32),
            AuxiliarySizeLength = payload.Parameter("auxiliaryDataSizeLength", 0, 0, 32),
        };
    }

    /// <returns>The size in bytes, and for units after the first the indices left out before it (0 without interleaving).</returns>
    public (int Size, int IndexDelta) ReadHeader(ref BitReader reader, bool isFirst)
    {
        int size = (int)Math.Min(reader.Bits(SizeLength), int.MaxValue);
        int index = (int)Math.Min(reader.Bits(isFirst ? IndexLength : IndexDeltaLength), ushort.MaxValue);
        if (CompositionDeltaLength > 0 && reader.Flag())
        {
            reader.Skip(CompositionDeltaLength);
        }

        if (DecodingDeltaLength > 0 && reader.Flag())
        {
            reader.Skip(DecodingDeltaLength);
        }

        reader.Skip(RandomAccessLength + StreamStateLength);
        return (size, index);
    }

    /// <summary>§3.2.2: passes over the auxiliary section between headers and data.</summary>
    public bool TrySkipAuxiliary(ref ReadOnlySpan<byte> data)
    {
        if (AuxiliarySizeLength == 0)
        {
            return true;
        }

        BitReader reader = new(data);
        long bytes = (AuxiliarySizeLength + (long)reader.Bits(AuxiliarySizeLength) + 7) / 8;
        if (reader.IsPastEnd || bytes > data.Length)
        {
            return false;
        }

        data = data[(int)bytes..];
        return true;
    }
}
