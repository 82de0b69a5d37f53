// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;
using Rookery.Media;
using Rookery.Storage;

namespace Rookery.Recording.Tests.Fakes;

/// <summary>One access unit that a <see cref="ScriptedCamera"/> recorded.</summary>
public sealed record RecordedUnit(int Track, int Session, WallTime Wall, long DecodeTime, int CompositionOffset, bool IsRandomAccess, byte[] Data)
{
    public long PresentationTime => DecodeTime + CompositionOffset;
}

/// <summary>Records sessions of made-up video (and AAC) into a store, and remembers every access unit: 25 pictures a second, a random access point each second.</summary>
public sealed class ScriptedCamera(IVideoStore store, ChannelId channel, int seed = 1)
{
    public const int PictureTicks = 3600;
    public const int AudioFrameTicks = 1024;

    private readonly Random _random = new(seed);
    private readonly BlockPool _pool = new(64 << 20);
    private int _session;

    public static readonly WallTime Noon = WallTime.From(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));

    public List<RecordedUnit> Units { get; } = [];

    public TrackFormat Video { get; set; } = new()
    {
        Codec = Codec.H264,
        Timescale = 90_000,
        Width = 640,
        Height = 360,
        NominalFrameRate = 25,
        CodecPrivate = new byte[] { 1, 0x64, 0, 0x1E, 0xFF, 0xE1, 0, 1, 0x67, 1, 0, 1, 0x68 },
    };

    public TrackFormat? Audio { get; set; } = new()
    {
        Codec = Codec.Aac,
        Timescale = 48_000,
        SampleRate = 48_000,
        Channels = 1,
        CodecPrivate = new byte[] { 0x11, 0x88 },
    };

    /// <summary>Pictures between random access points.</summary>
    public int GroupOfPictures { get; set; } = 25;

    /// <summary>Two B-pictures between P-pictures: decoding order is not output order.</summary>
    public bool IsReordered { get; set; }

    /// <summary>Mean size of a picture.</summary>
    public int PictureBytes { get; set; } = 200;

    public StreamId VideoStream => new TrackKey(channel, StreamRole.Main, 0).ToStreamId();

    public StreamId AudioStream => new TrackKey(channel, StreamRole.Main, 1).ToStreamId();

    /// <summary>One session from <paramref name="start"/> on. Media time begins anywhere, as RTP's does.</summary>
    public void Record(WallTime start, TimeSpan duration)
    {
        _session++;
        long videoBase = _random.NextInt64(1L << 33);
        long audioBase = _random.NextInt64(1L << 33);
        using IStreamAppender video = store.BeginRun(new RunStart(VideoStream, 0, default, 90_000, Video.ToBytes()));
        using IStreamAppender? audio = Audio is null
            ? null
            : store.BeginRun(new RunStart(AudioStream, 0, default, (uint)Audio.Timescale, Audio.ToBytes()));
        long pictures = (long)(duration.TotalSeconds * 25);
        long nextFrame = 0;
        for (long picture = 0; picture < pictures; picture++)
        {
            while (Audio is { } format && nextFrame * AudioFrameTicks * 90_000.0 / format.Timescale <= picture * PictureTicks)
            {
                WallTime wall = start + Span(nextFrame * AudioFrameTicks, format.Timescale);
                Append(audio!, new(1, _session, wall, audioBase + (nextFrame * AudioFrameTicks), 0, false, Bytes(40)));
                nextFrame++;
            }

            bool isRandomAccess = picture % GroupOfPictures == 0;
            int offset = IsReordered ? ReorderedOffset(picture % GroupOfPictures) : 0;
            // A camera's clock tells when a picture is shown, so the wall time is that of its presentation.
            WallTime shown = start + Span((picture * PictureTicks) + offset, 90_000);
            Append(video, new(0, _session, shown, videoBase + (picture * PictureTicks), offset, isRandomAccess, Bytes(PictureBytes)));
        }
    }

    /// <summary>I P B B P B B ...: the random access point waits for one picture time, a P for three more, a B for none.</summary>
    private static int ReorderedOffset(long inGroup) =>
        inGroup == 0 ? PictureTicks : inGroup % 3 == 1 ? 3 * PictureTicks : 0;

    private void Append(IStreamAppender appender, RecordedUnit unit)
    {
        Block block = _pool.TryRent(unit.Data.Length)!;
        unit.Data.CopyTo(block.Span);
        SampleFlags flags = unit.IsRandomAccess ? SampleFlags.RandomAccess : SampleFlags.None;
        bool taken = appender.TryAppend(new Sample(unit.DecodeTime, unit.CompositionOffset, flags, unit.Wall, new BlockSlice(block, 0, unit.Data.Length)));
        block.Release();
        if (taken)
        {
            Units.Add(unit);
        }
    }

    /// <summary>To the nearest microsecond, the unit of wall-clock time.</summary>
    private static TimeSpan Span(long ticks, int timescale) => TimeSpan.FromMicroseconds(Math.Round(ticks * 1_000_000.0 / timescale));

    private byte[] Bytes(int mean)
    {
        byte[] bytes = new byte[_random.Next(mean / 2, (mean * 3 / 2) + 1)];
        _random.NextBytes(bytes);
        return bytes;
    }
}
