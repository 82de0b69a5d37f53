// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Media.Bitstream;

/// <summary>The first fields of an H.264 slice header (ITU-T H.264 §7.3.3).</summary>
internal readonly record struct H264SliceHeader(uint FirstMacroblock, uint SliceType, int PictureSetId)
{
    /// <summary>Three Exp-Golomb codes of at most 17, 7 and 17 bits, and the prevention bytes among them.</summary>
    private const int BytesLookedAt = 12;

    /// <summary>Only intra-coded macroblocks (I or SI).</summary>
    public bool IsIntra => SliceType % 5 is 2 or 4;

    public static bool TryParse(ReadOnlySpan<byte> nal, out H264SliceHeader header)
    {
        Span<byte> scratch = stackalloc byte[BytesLookedAt];
        BitReader reader = new(scratch[..Rbsp.Unescape(nal[1..], scratch)]);
        header = new H264SliceHeader(reader.Ue(), reader.Ue(), (int)Math.Min(reader.Ue(), 255));
        return !reader.IsPastEnd;
    }
}
