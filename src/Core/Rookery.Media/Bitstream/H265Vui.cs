// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Media.Bitstream;

/// <summary>The way through the rest of an H.265 sequence parameter set to its timing information (ITU-T H.265 §7.3.2.2.1, §E.2.1).</summary>
internal static class H265Vui
{
    /// <param name="reader">Before log2_min_luma_coding_block_size_minus3.</param>
    /// <param name="orderBits">Bits of a picture order count.</param>
    /// <returns>0 when there is no timing, or the rest cannot be read.</returns>
    public static double FrameRate(ref BitReader reader, int orderBits)
    {
        for (int i = 0; i < 6; i++)
        {
            reader.Ue();
        }

        if (reader.Flag() && reader.Flag())
        {
            SkipScalingLists(ref reader);
        }

        reader.Skip(2);
        if (reader.Flag())
        {
            reader.Skip(8);
            reader.Ue();
            reader.Ue();
            reader.Skip(1);
        }

        if (!TrySkipShortTermSets(ref reader))
        {
            return 0;
        }

        if (reader.Flag())
        {
            uint longTerm = reader.Ue();
            for (uint i = 0; i < longTerm && i <= 32; i++)
            {
                reader.Skip(orderBits + 1);
            }
        }

        reader.Skip(2);
        return reader.Flag() ? Timing(ref reader) : 0;
    }

    private static double Timing(ref BitReader reader)
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

        reader.Skip(3);
        if (reader.Flag())
        {
            for (int i = 0; i < 4; i++)
            {
                reader.Ue();
            }
        }

        if (!reader.Flag())
        {
            return 0;
        }

        uint unitsInTick = reader.Bits(32);
        uint timeScale = reader.Bits(32);
        return reader.IsPastEnd ? 0 : H264Sps.FrameRateOf(timeScale, unitsInTick);
    }

    /// <summary>§7.3.4.</summary>
    private static void SkipScalingLists(ref BitReader reader)
    {
        for (int size = 0; size < 4; size++)
        {
            for (int matrix = 0; matrix < 6 && !reader.IsPastEnd; matrix += size == 3 ? 3 : 1)
            {
                if (!reader.Flag())
                {
                    reader.Ue();
                    continue;
                }

                if (size > 1)
                {
                    reader.Se();
                }

                int coefficients = Math.Min(64, 1 << (4 + (size << 1)));
                for (int i = 0; i < coefficients && !reader.IsPastEnd; i++)
                {
                    reader.Se();
                }
            }
        }
    }

    /// <summary>§7.3.7. A set may be told as the difference to the one before it, so their sizes have to be followed.</summary>
    private static bool TrySkipShortTermSets(ref BitReader reader)
    {
        uint count = reader.Ue();
        if (count > 64)
        {
            return false;
        }

        uint pictures = 0;
        for (uint set = 0; set < count && !reader.IsPastEnd; set++)
        {
            if (set > 0 && reader.Flag())
            {
                reader.Skip(1);
                reader.Ue();
                uint kept = 0;
                for (uint i = 0; i <= pictures; i++)
                {
                    bool used = reader.Flag();
                    kept += used || reader.Flag() ? 1u : 0u;
                }

                pictures = kept;
                continue;
            }

            uint negative = reader.Ue();
            uint positive = reader.Ue();
            if (negative > 16 || positive > 16)
            {
                return false;
            }

            pictures = negative + positive;
            for (uint i = 0; i < pictures; i++)
            {
                reader.Ue();
                reader.Skip(1);
            }
        }

        return !reader.IsPastEnd;
    }
}
