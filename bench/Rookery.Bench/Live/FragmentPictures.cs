// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Buffers.Binary;
using Rookery.Farm.Clips;

namespace Rookery.Bench.Live;

/// <summary>Finds the pictures in fragments (ISO/IEC 14496-12 §8.8), ours and ffmpeg's alike.</summary>
internal static class FragmentPictures
{
    /// <summary>The video comes first in what both write.</summary>
    private const uint VideoTrack = 1;

    private const uint MovieFragment = 0x6D6F6F66; // moof
    private const uint MediaData = 0x6D646174; // mdat
    private const uint TrackFragment = 0x74726166; // traf
    private const uint TrackHeader = 0x74666864; // tfhd
    private const uint TrackRun = 0x7472756E; // trun

    /// <summary>Takes the first whole box, with its fragment's pictures if it is a <c>moof</c>.</summary>
    /// <param name="bytes">From the beginning of a box on.</param>
    /// <param name="pictures">Gets the hash of each picture; see <see cref="ClipUnit.HashOf"/>.</param>
    /// <returns>Bytes taken; 0 when there is no whole box, or no whole media data behind a <c>moof</c>.</returns>
    public static int Take(ReadOnlySpan<byte> bytes, List<ulong> pictures)
    {
        if (!TryBox(bytes, out uint type, out int length))
        {
            return 0;
        }

        if (type != MovieFragment)
        {
            return length;
        }

        if (!TryBox(bytes[length..], out uint next, out int mediaLength) || next != MediaData)
        {
            return 0;
        }

        ReadOnlySpan<byte> moof = bytes[..length];
        for (int at = 8; TryBox(moof[at..], out uint inner, out int innerLength); at += innerLength)
        {
            if (inner == TrackFragment)
            {
                ReadTrack(moof.Slice(at, innerLength), bytes, pictures);
            }
        }

        return length + mediaLength;
    }

    private static void ReadTrack(ReadOnlySpan<byte> traf, ReadOnlySpan<byte> fragment, List<ulong> pictures)
    {
        int defaultSize = 0;
        for (int at = 8; TryBox(traf[at..], out uint type, out int length); at += length)
        {
            ReadOnlySpan<byte> body = traf.Slice(at + 8, length - 8);
            if (type == TrackHeader)
            {
                if (U32(body, 4) != VideoTrack)
                {
                    return;
                }

                uint flags = U32(body, 0);
                int sizeAt = 8 + ((flags & 0x1) != 0 ? 8 : 0) + ((flags & 0x2) != 0 ? 4 : 0) + ((flags & 0x8) != 0 ? 4 : 0);
                defaultSize = (flags & 0x10) != 0 ? (int)U32(body, sizeAt) : 0;
            }
            else if (type == TrackRun)
            {
                ReadRun(body, fragment, defaultSize, pictures);
            }
        }
    }

    private static void ReadRun(ReadOnlySpan<byte> run, ReadOnlySpan<byte> fragment, int defaultSize, List<ulong> pictures)
    {
        uint flags = U32(run, 0);
        // Both write it, and both count it from the beginning of the moof.
        int data = (int)U32(run, 8);
        int at = 12 + ((flags & 0x4) != 0 ? 4 : 0);
        for (uint i = U32(run, 4); i > 0; i--)
        {
            at += (flags & 0x100) != 0 ? 4 : 0;
            int size = defaultSize;
            if ((flags & 0x200) != 0)
            {
                size = (int)U32(run, at);
                at += 4;
            }

            at += ((flags & 0x400) != 0 ? 4 : 0) + ((flags & 0x800) != 0 ? 4 : 0);
            pictures.Add(ClipUnit.HashOf(WithoutParameterSets(fragment.Slice(data, size))));
            data += size;
        }
    }

    /// <summary>The farm's clips have their parameter sets outside the pictures; ffmpeg leaves those in that came in band.</summary>
    private static ReadOnlySpan<byte> WithoutParameterSets(ReadOnlySpan<byte> picture)
    {
        // H.264, nal_unit_type 7 to 9: sequence and picture parameter set, access unit delimiter.
        while (picture.Length > 5 && (picture[4] & 0x1F) is >= 7 and <= 9)
        {
            picture = picture[(4 + (int)U32(picture, 0))..];
        }

        return picture;
    }

    private static bool TryBox(ReadOnlySpan<byte> bytes, out uint type, out int length)
    {
        (type, length) = bytes.Length < 8 ? (0, 0) : (U32(bytes, 4), (int)U32(bytes, 0));
        return length >= 8 && length <= bytes.Length;
    }

    private static uint U32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]);
}
