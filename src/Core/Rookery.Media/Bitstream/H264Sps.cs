// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Media.Bitstream;

/// <summary>What Rookery needs of an H.264 sequence parameter set (ITU-T H.264 §7.3.2.1.1, Annex E).</summary>
public sealed record H264Sps
{
    public required byte ProfileIdc { get; init; }

    /// <summary>The constraint_set flags, first one in the highest bit.</summary>
    public required byte ConstraintFlags { get; init; }

    public required byte LevelIdc { get; init; }

    /// <summary>0 to 31.</summary>
    public required int Id { get; init; }

    public required int ChromaFormatIdc { get; init; }

    public required int BitDepthLuma { get; init; }

    public required int BitDepthChroma { get; init; }

    /// <summary>Every coded picture is a whole frame: no fields, so a slice with first macroblock 0 begins an access unit.</summary>
    public required bool FrameMbsOnly { get; init; }

    /// <summary>In pixels after cropping.</summary>
    public required int Width { get; init; }

    public required int Height { get; init; }

    /// <summary>Frames per second by the timing information; 0 when it is not there or makes no sense.</summary>
    public required double FrameRate { get; init; }

    /// <summary>Frames that may precede another in decoding order and follow it in output order (max_num_reorder_frames); 0 when it is not said.</summary>
    /// <remarks>
    /// Where nothing is said the standard allows as many as the picture buffer holds (§E.2.1), which would put up to 16 pictures between
    /// decode and presentation. Nearly all cameras that say nothing do not reorder; for the others <see cref="Rtp.DecodeTimes"/> learns
    /// the depth from the timestamps.
    /// </remarks>
    public required int ReorderDepth { get; init; }

    /// <param name="nal">The NAL unit with its header, with emulation prevention.</param>
    /// <param name="sps">What was found.</param>
    public static bool TryParse(ReadOnlySpan<byte> nal, out H264Sps? sps)
    {
        sps = null;
        if (nal.Length is < 4 or > Rbsp.MaximumParameterSetBytes || (nal[0] & 0x1F) != 7)
        {
            return false;
        }

        Span<byte> scratch = stackalloc byte[nal.Length];
        BitReader reader = new(scratch[..Rbsp.Unescape(nal[1..], scratch)]);
        byte profile = (byte)reader.Bits(8);
        byte constraints = (byte)reader.Bits(8);
        byte level = (byte)reader.Bits(8);
        uint id = reader.Ue();
        uint chromaFormat = 1;
        uint depthLuma = 8;
        uint depthChroma = 8;
        bool separatePlanes = false;
        if (profile is 100 or 110 or 122 or 244 or 44 or 83 or 86 or 118 or 128 or 138 or 139 or 134 or 135)
        {
            chromaFormat = reader.Ue();
            separatePlanes = chromaFormat == 3 && reader.Flag();
            depthLuma = 8 + reader.Ue();
            depthChroma = 8 + reader.Ue();
            reader.Skip(1);
            if (reader.Flag())
            {
                SkipScalingLists(ref reader, chromaFormat == 3 ? 12 : 8);
            }
        }

        reader.Ue();
        uint pictureOrderType = reader.Ue();
        SkipPictureOrder(ref reader, pictureOrderType);
        reader.Ue();
        reader.Skip(1);
        uint widthInMbs = reader.Ue() + 1;
        uint heightInUnits = reader.Ue() + 1;
        bool frameMbsOnly = reader.Flag();
        if (!frameMbsOnly)
        {
            reader.Skip(1);
        }

        reader.Skip(1);
        (uint left, uint right, uint top, uint bottom) = reader.Flag() ? (reader.Ue(), reader.Ue(), reader.Ue(), reader.Ue()) : default;
        bool hasVui = reader.Flag();
        if (reader.IsPastEnd || id > 31 || chromaFormat > 3 || depthLuma > 14 || depthChroma > 14 || pictureOrderType > 2
            || widthInMbs > 1024 || heightInUnits > 1024)
        {
            return false;
        }

        uint cropUnitX = chromaFormat is 1 or 2 && !separatePlanes ? 2u : 1u;
        uint cropUnitY = (chromaFormat == 1 && !separatePlanes ? 2u : 1u) * (frameMbsOnly ? 1u : 2u);
        long width = (widthInMbs * 16L) - ((long)(left + (ulong)right) * cropUnitX);
        long height = (heightInUnits * (frameMbsOnly ? 16L : 32L)) - ((long)(top + (ulong)bottom) * cropUnitY);
        if (width <= 0 || height <= 0)
        {
            return false;
        }

        Vui vui = hasVui ? Vui.Parse(ref reader) : default;
        sps = new H264Sps
        {
            ProfileIdc = profile,
            ConstraintFlags = constraints,
            LevelIdc = level,
            Id = (int)id,
            ChromaFormatIdc = (int)chromaFormat,
            BitDepthLuma = (int)depthLuma,
            BitDepthChroma = (int)depthChroma,
            FrameMbsOnly = frameMbsOnly,
            Width = (int)width,
            Height = (int)height,
            FrameRate = vui.FrameRate,
            ReorderDepth = vui.ReorderDepth ?? 0,
        };
        return true;
    }

    private static void SkipScalingLists(ref BitReader reader, int count)
    {
        for (int list = 0; list < count && !reader.IsPastEnd; list++)
        {
            if (!reader.Flag())
            {
                continue;
            }

            int last = 8;
            int next = 8;
            for (int i = 0; i < (list < 6 ? 16 : 64) && !reader.IsPastEnd; i++)
            {
                if (next != 0)
                {
                    next = (last + reader.Se()) & 0xFF;
                }

                last = next == 0 ? last : next;
            }
        }
    }

    private static void SkipPictureOrder(ref BitReader reader, uint type)
    {
        if (type == 0)
        {
            reader.Ue();
        }
        else if (type == 1)
        {
            reader.Skip(1);
            reader.Se();
            reader.Se();
            uint cycle = reader.Ue();
            for (uint i = 0; i < cycle && !reader.IsPastEnd; i++)
            {
                reader.Se();
            }
        }
    }

    /// <summary>Annex E.1.1. Cameras cut it short or fill it with nonsense; what was read before that point stands.</summary>
    private readonly record struct Vui(double FrameRate, int? ReorderDepth)
    {
        public static Vui Parse(ref BitReader reader)
        {
            if (reader.Flag() && reader.Bits(8) == 255)
            {
                reader.Skip(32);
            }

            if (reader.Flag())
            {
                reader.Skip(1);
            }

            if (reader.Flag())
            {
                reader.Skip(4);
                if (reader.Flag())
                {
                    reader.Skip(24);
                }
            }

            if (reader.Flag())
            {
                reader.Ue();
                reader.Ue();
            }

            double frameRate = reader.Flag() ? Timing(ref reader) : 0;
            bool nalHrd = reader.Flag();
            if (nalHrd)
            {
                SkipHrd(ref reader);
            }

            bool vclHrd = reader.Flag();
            if (vclHrd)
            {
                SkipHrd(ref reader);
            }

            reader.Skip(nalHrd || vclHrd ? 2 : 1);
            if (!reader.Flag())
            {
                return new Vui(frameRate, ReorderDepth: null);
            }

            reader.Skip(1);
            reader.Ue();
            reader.Ue();
            reader.Ue();
            reader.Ue();
            uint reorder = reader.Ue();
            uint buffered = reader.Ue();
            bool sound = !reader.IsPastEnd && reorder <= buffered && buffered <= 16;
            return new Vui(frameRate, sound ? (int)reorder : null);
        }

        private static double Timing(ref BitReader reader)
        {
            uint unitsInTick = reader.Bits(32);
            uint timeScale = reader.Bits(32);
            reader.Skip(1);
            // A tick is a field: two make a frame.
            return FrameRateOf(timeScale, 2.0 * unitsInTick);
        }

        private static void SkipHrd(ref BitReader reader)
        {
            uint count = reader.Ue() + 1;
            reader.Skip(8);
            for (uint i = 0; i < count && !reader.IsPastEnd; i++)
            {
                reader.Ue();
                reader.Ue();
                reader.Skip(1);
            }

            reader.Skip(20);
        }
    }

    /// <summary>A rate between 0.01 and 1000; everything else is a camera's slip and becomes 0.</summary>
    internal static double FrameRateOf(double timeScale, double unitsInFrame)
    {
        double rate = unitsInFrame > 0 ? timeScale / unitsInFrame : 0;
        return rate is >= 0.01 and <= 1000 ? rate : 0;
    }
}
