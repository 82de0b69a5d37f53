// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Media.Bitstream;

/// <summary>What Rookery needs of an H.265 sequence parameter set (ITU-T H.265 §7.3.2.2, Annex E).</summary>
public sealed record H265Sps
{
    /// <summary>Bytes of general_profile_space to general_level_idc, as they stand in the parameter set and in hvcC.</summary>
    public const int ProfileTierLevelBytes = 12;

    /// <summary>0 to 15.</summary>
    public required int Id { get; init; }

    /// <summary>0 to 15, the video parameter set it belongs to.</summary>
    public required int VideoSetId { get; init; }

    /// <summary>Temporal sub-layers, 1 to 7.</summary>
    public required int TemporalLayers { get; init; }

    public required bool TemporalIdNesting { get; init; }

    /// <summary><see cref="ProfileTierLevelBytes"/> bytes.</summary>
    public required ReadOnlyMemory<byte> ProfileTierLevel { get; init; }

    public required int ChromaFormatIdc { get; init; }

    public required int BitDepthLuma { get; init; }

    public required int BitDepthChroma { get; init; }

    /// <summary>In pixels inside the conformance window.</summary>
    public required int Width { get; init; }

    public required int Height { get; init; }

    /// <summary>Pictures per second by the timing information; 0 when it is not there or makes no sense.</summary>
    public required double FrameRate { get; init; }

    /// <summary>sps_max_num_reorder_pics of the highest sub-layer.</summary>
    public required int ReorderDepth { get; init; }

    /// <param name="nal">The NAL unit with its header, with emulation prevention.</param>
    /// <param name="sps">What was found.</param>
    public static bool TryParse(ReadOnlySpan<byte> nal, out H265Sps? sps)
    {
        sps = null;
        if (nal.Length is < 16 or > Rbsp.MaximumParameterSetBytes || ((nal[0] >> 1) & 0x3F) != 33)
        {
            return false;
        }

        Span<byte> scratch = stackalloc byte[nal.Length];
        ReadOnlySpan<byte> rbsp = scratch[..Rbsp.Unescape(nal[2..], scratch)];
        if (rbsp.Length < 1 + ProfileTierLevelBytes)
        {
            return false;
        }

        BitReader reader = new(rbsp);
        int videoSetId = (int)reader.Bits(4);
        int subLayersMinus1 = (int)reader.Bits(3);
        bool nesting = reader.Flag();
        reader.Skip(ProfileTierLevelBytes * 8);
        SkipSubLayers(ref reader, subLayersMinus1);
        uint id = reader.Ue();
        uint chromaFormat = reader.Ue();
        bool separatePlanes = chromaFormat == 3 && reader.Flag();
        uint codedWidth = reader.Ue();
        uint codedHeight = reader.Ue();
        (uint left, uint right, uint top, uint bottom) = reader.Flag() ? (reader.Ue(), reader.Ue(), reader.Ue(), reader.Ue()) : default;
        uint depthLuma = 8 + reader.Ue();
        uint depthChroma = 8 + reader.Ue();
        uint orderBits = reader.Ue() + 4;
        uint reorder = 0;
        bool everyLayer = reader.Flag();
        for (int layer = everyLayer ? 0 : subLayersMinus1; layer <= subLayersMinus1; layer++)
        {
            reader.Ue();
            reorder = reader.Ue();
            reader.Ue();
        }

        int unitX = chromaFormat is 1 or 2 && !separatePlanes ? 2 : 1;
        int unitY = chromaFormat == 1 && !separatePlanes ? 2 : 1;
        long width = codedWidth - (unitX * (left + (long)right));
        long height = codedHeight - (unitY * (top + (long)bottom));
        if (reader.IsPastEnd || subLayersMinus1 > 6 || id > 15 || chromaFormat > 3 || depthLuma > 16 || depthChroma > 16 || orderBits > 16
            || codedWidth > 16384 || codedHeight > 16384 || width <= 0 || height <= 0 || reorder > 16)
        {
            return false;
        }

        sps = new H265Sps
        {
            Id = (int)id,
            VideoSetId = videoSetId,
            TemporalLayers = subLayersMinus1 + 1,
            TemporalIdNesting = nesting,
            ProfileTierLevel = rbsp.Slice(1, ProfileTierLevelBytes).ToArray(),
            ChromaFormatIdc = (int)chromaFormat,
            BitDepthLuma = (int)depthLuma,
            BitDepthChroma = (int)depthChroma,
            Width = (int)width,
            Height = (int)height,
            FrameRate = H265Vui.FrameRate(ref reader, (int)orderBits),
            ReorderDepth = (int)reorder,
        };
        return true;
    }

    /// <summary>§7.3.3: what profile_tier_level says of the sub-layers below the highest.</summary>
    private static void SkipSubLayers(ref BitReader reader, int subLayersMinus1)
    {
        if (subLayersMinus1 == 0)
        {
            return;
        }

        uint present = reader.Bits(16);
        for (int layer = 0; layer < subLayersMinus1; layer++)
        {
            int shift = 14 - (2 * layer);
            reader.Skip(((present >> shift) & 2) != 0 ? 88 : 0);
            reader.Skip(((present >> shift) & 1) != 0 ? 8 : 0);
        }
    }
}
