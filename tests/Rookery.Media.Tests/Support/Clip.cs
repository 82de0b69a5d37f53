// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Media.Bitstream;

namespace Rookery.Media.Tests;

/// <summary>A coded clip in the form of access units: what a depacketizer should make of its packets.</summary>
internal sealed record Clip(TrackFormat Format, IReadOnlyList<Clip.Unit> Units)
{
    /// <param name="Data">NAL units behind lengths, without parameter sets and delimiters.</param>
    /// <param name="IsRandomAccess">As told by an independent look at the NAL unit types.</param>
    public sealed record Unit(byte[] Data, bool IsRandomAccess);

    public static Clip H264(string file) => Read(file, nal => nal[0] & 0x1F, parameterSets: [7, 8], delimiter: 9, isSlice: t => t is >= 1 and <= 5,
        isIntra: t => t == 5, isFirst: nal => (nal[1] & 0x80) != 0, sets => TrackFormat.FromH264(sets[0], sets[1])!);

    public static Clip H265(string file) => Read(file, nal => (nal[0] >> 1) & 0x3F, parameterSets: [32, 33, 34], delimiter: 35, isSlice: t => t < 32,
        isIntra: t => t is >= 16 and <= 23, isFirst: nal => (nal[2] & 0x80) != 0, sets => TrackFormat.FromH265(sets[0], sets[1], sets[2])!);

    private static Clip Read(
        string file, Func<byte[], int> typeOf, int[] parameterSets, int delimiter, Func<int, bool> isSlice, Func<int, bool> isIntra,
        Func<byte[], bool> isFirst, Func<byte[][], TrackFormat> format)
    {
        List<byte[]> nals = TestData.Nals(file);
        List<Unit> units = [];
        List<byte> data = [];
        bool hasPicture = false;
        bool isRandomAccess = false;
        void End()
        {
            if (hasPicture)
            {
                units.Add(new Unit([.. data], isRandomAccess));
                data.Clear();
                (hasPicture, isRandomAccess) = (false, false);
            }
        }

        foreach (byte[] nal in nals)
        {
            int type = typeOf(nal);
            // Suffix SEI of H.265 (40) belongs to the picture before it.
            if (isSlice(type) ? isFirst(nal) : type != 40)
            {
                End();
            }

            if (type == delimiter || parameterSets.Contains(type))
            {
                continue;
            }

            AnnexB.AppendWithLength(data, nal);
            hasPicture |= isSlice(type);
            isRandomAccess |= isIntra(type);
        }

        End();
        return new Clip(format([.. parameterSets.Select(type => nals.First(nal => typeOf(nal) == type))]), units);
    }
}
