// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Buffers.Binary;
using Rookery.Farm.Clips;
using Rookery.Farm.Packing;
using Rookery.Media;

namespace Rookery.Farm.Tests;

/// <summary>Clips of random bytes in the shape of H.264 and AAC: quick to make, and no two units are equal.</summary>
internal static class SyntheticClip
{
    /// <summary>What x264 wrote for 640x360 in the baseline profile: receivers read the parameter sets, unlike the pictures.</summary>
    private static readonly byte[] AvcConfiguration =
    [
        0x01, 0x42, 0xC0, 0x1E, 0xFF, 0xE1, 0x00, 0x19, 0x67, 0x42, 0xC0, 0x1E, 0xD9, 0x00, 0xA0, 0x2F, 0xF9, 0x70, 0x11, 0x00, 0x00,
        0x03, 0x00, 0x01, 0x00, 0x00, 0x03, 0x00, 0x32, 0x0F, 0x16, 0x2E, 0x48, 0x01, 0x00, 0x05, 0x68, 0xCB, 0x83, 0xCB, 0x20,
    ];

    public static readonly TrackFormat Video = new()
    {
        Codec = Codec.H264, Timescale = 90000, Width = 640, Height = 360, CodecPrivate = AvcConfiguration,
    };

    public static readonly TrackFormat Audio = new()
    {
        Codec = Codec.Aac, Timescale = 48000, SampleRate = 48000, Channels = 2, CodecPrivate = new byte[] { 0x11, 0x90 },
    };

    /// <param name="seed">Decides the bytes.</param>
    /// <param name="frames">Pictures, 25 a second.</param>
    /// <param name="gop">Pictures from one random access point to the next.</param>
    /// <param name="withAudio">Whether there is sound.</param>
    /// <param name="pictureBytes">About how large pictures are.</param>
    public static Clip Make(int seed, int frames = 50, int gop = 25, bool withAudio = true, int pictureBytes = 3000)
    {
        Random random = new(seed);
        long loop = frames * 3600L;
        ClipTrack video = ClipPacker.Pack(Video, 90000, [.. Enumerable.Range(0, frames).Select(i => Picture(random, i, gop, pictureBytes))], loop)!;
        if (!withAudio)
        {
            return new Clip($"synthetic {seed}", loop, [video]);
        }

        int units = (int)(loop * 48000 / 90000 / 1024) + 1;
        ClipTrack audio = ClipPacker.Pack(Audio, 48000, [.. Enumerable.Range(0, units).Select(i => new SourceUnit(i * 1024L, 0, true, Bytes(random, random.Next(200, 400))))], loop)!;
        return new Clip($"synthetic {seed}", loop, [video, audio]);
    }

    private static SourceUnit Picture(Random random, int index, int gop, int pictureBytes)
    {
        bool isRandomAccess = index % gop == 0;
        byte[] nal = Bytes(random, random.Next(pictureBytes / 2, pictureBytes * (isRandomAccess ? 5 : 1)));
        nal[0] = (byte)(isRandomAccess ? 0x65 : 0x41);
        byte[] unit = new byte[4 + nal.Length];
        BinaryPrimitives.WriteInt32BigEndian(unit, nal.Length);
        nal.CopyTo(unit, 4);
        return new SourceUnit(index * 3600L, 0, isRandomAccess, unit);
    }

    private static byte[] Bytes(Random random, int count)
    {
        byte[] bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }
}
