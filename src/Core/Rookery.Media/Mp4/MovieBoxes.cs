// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Media.Mp4;

/// <summary>The boxes of <c>moov</c> that a file and an initialization segment share (ISO/IEC 14496-12 §8.2 to §8.5).</summary>
internal static class MovieBoxes
{
    /// <summary>From 1904-01-01 to 1970-01-01, in seconds: MP4 counts from the former.</summary>
    private const long SecondsFrom1904 = 2_082_844_800;

    /// <summary>Identity of <c>mvhd</c> and <c>tkhd</c>: a, b, u, c, d, v, x, y, w in 16.16 and 2.30.</summary>
    private static ReadOnlySpan<uint> UnityMatrix => [0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x4000_0000];

    public static void MovieHeader(BoxWriter writer, uint timescale, ulong duration, WallTime? created, uint nextTrackId)
    {
        int box = BeginTimed(writer, "mvhd"u8, 0, created, duration);
        writer.U32(timescale);
        Duration(writer, duration);
        writer.U32(0x0001_0000); // rate 1.0
        writer.U16(0x0100); // volume 1.0
        writer.Zeros(2 + 8);
        Matrix(writer);
        writer.Zeros(24);
        writer.U32(nextTrackId);
        writer.End(box);
    }

    public static void TrackHeader(BoxWriter writer, Mp4Track track, ulong movieDuration, WallTime? created)
    {
        const uint enabledInMovie = 3;
        int box = BeginTimed(writer, "tkhd"u8, enabledInMovie, created, movieDuration);
        writer.U32(track.Id);
        writer.U32(0);
        Duration(writer, movieDuration);
        writer.Zeros(8);
        writer.U16(0); // layer
        writer.U16(track.Kind == TrackKind.Audio ? (ushort)1 : (ushort)0); // alternate_group
        writer.U16(track.Kind == TrackKind.Audio ? (ushort)0x0100 : (ushort)0); // volume
        writer.U16(0);
        Matrix(writer);
        int width = 0;
        int height = 0;
        foreach (TrackFormat format in track.Formats)
        {
            width = Math.Max(width, format.Width);
            height = Math.Max(height, format.Height);
        }

        writer.U32((uint)width << 16);
        writer.U32((uint)height << 16);
        writer.End(box);
    }

    public static void MediaHeader(BoxWriter writer, uint timescale, ulong duration, WallTime? created)
    {
        int box = BeginTimed(writer, "mdhd"u8, 0, created, duration);
        writer.U32(timescale);
        Duration(writer, duration);
        writer.U16(0x55C4); // language "und", three times five bits
        writer.U16(0);
        writer.End(box);
    }

    public static void Handler(BoxWriter writer, TrackKind kind)
    {
        int box = writer.Begin("hdlr"u8, 0, 0);
        writer.U32(0);
        writer.Bytes(kind == TrackKind.Video ? "vide"u8 : "soun"u8);
        writer.Zeros(12);
        writer.Bytes(kind == TrackKind.Video ? "Rookery video\0"u8 : "Rookery audio\0"u8);
        writer.End(box);
    }

    /// <summary>The boxes at the head of <c>minf</c>: the medium's header, and a data reference that says "in this file".</summary>
    public static void MediaInformationHead(BoxWriter writer, TrackKind kind)
    {
        if (kind == TrackKind.Video)
        {
            int vmhd = writer.Begin("vmhd"u8, 0, 1);
            writer.Zeros(8);
            writer.End(vmhd);
        }
        else
        {
            int smhd = writer.Begin("smhd"u8, 0, 0);
            writer.Zeros(4);
            writer.End(smhd);
        }

        int dinf = writer.Begin("dinf"u8);
        int dref = writer.Begin("dref"u8, 0, 0);
        writer.U32(1);
        int url = writer.Begin("url "u8, 0, 1);
        writer.End(url);
        writer.End(dref);
        writer.End(dinf);
    }

    public static void SampleDescriptions(BoxWriter writer, IReadOnlyList<TrackFormat> formats)
    {
        int box = writer.Begin("stsd"u8, 0, 0);
        writer.U32((uint)formats.Count);
        foreach (TrackFormat format in formats)
        {
            SampleEntry.Write(writer, format);
        }

        writer.End(box);
    }

    /// <summary>A full box that opens with creation and modification time; version 1 (64-bit) where 32 bits do not do.</summary>
    private static int BeginTimed(BoxWriter writer, ReadOnlySpan<byte> type, uint flags, WallTime? created, ulong duration)
    {
        bool isWide = duration > uint.MaxValue;
        // 32 bits of seconds since 1904 end in 2040; past that the time is left out rather than wrong.
        long seconds = created is { } time ? (time.Microseconds / 1_000_000) + SecondsFrom1904 : 0;
        int box = writer.Begin(type, isWide ? (byte)1 : (byte)0, flags);
        for (int i = 0; i < 2; i++)
        {
            if (isWide)
            {
                writer.U64((ulong)Math.Max(0, seconds));
            }
            else
            {
                writer.U32(seconds is > 0 and <= uint.MaxValue ? (uint)seconds : 0);
            }
        }

        return box;
    }

    private static void Duration(BoxWriter writer, ulong duration)
    {
        if (duration > uint.MaxValue)
        {
            writer.U64(duration);
        }
        else
        {
            writer.U32((uint)duration);
        }
    }

    private static void Matrix(BoxWriter writer)
    {
        foreach (uint value in UnityMatrix)
        {
            writer.U32(value);
        }
    }
}
