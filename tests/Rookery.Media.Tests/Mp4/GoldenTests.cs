// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;
using Rookery.Media.Mp4;
using Rookery.Media.Mp4.Progressive;

namespace Rookery.Media.Tests.Mp4;

/// <summary>
/// Compares the bytes written with files that were checked by hand and by ffprobe. After an intended change set ROOKERY_UPDATE_GOLDEN=1, run, and read the difference.
/// </summary>
public sealed class GoldenTests
{
    private static readonly Mp4Track[] Tracks = [new(1, TestData.H264()), new(2, TestData.Aac())];

    [Fact]
    public void An_initialization_segment_has_these_bytes() => Check("init", InitSegment.Create(Tracks));

    [Fact]
    public void A_fragment_has_these_bytes()
    {
        BoxWriter writer = new();
        FragmentSample[] video = [new(3600, 5, 7200, true), new(3600, 3, 0, false)];
        FragmentSample[] audio = [new(1024, 4, 0, true)];
        Fragment.WriteHead(writer, 7, [new(1, 1L << 33, 1, video), new(2, 4800, 1, audio)]);
        writer.Bytes("vvvvvVVVaaaa"u8);
        Check("fragment", writer.Span);
    }

    [Fact]
    public void A_progressive_header_has_these_bytes()
    {
        Mp4LayoutBuilder builder = new();
        int video = builder.AddTrack(90_000);
        int audio = builder.AddTrack(48_000);
        for (int chunk = 0; chunk < 3; chunk++)
        {
            builder.BeginChunk(video, TestData.H264((byte)(chunk / 2)));
            for (int i = 0; i < 4; i++)
            {
                builder.AddSample(900_000 + (((chunk * 4) + i) * 3600L), i % 2 == 0 ? 3600 : 0, 100 + i, i == 0, 3600);
            }

            builder.BeginChunk(audio, TestData.Aac());
            for (int i = 0; i < 7; i++)
            {
                builder.AddSample(480_960 + (((chunk * 7) + i) * 1024L), 0, 20, true, 1024);
            }
        }

        Check("progressive", builder.Build(900_000 + 7200, 900_000 + 40_000, new WallTime(1_800_000_000_000_000)).Header.Span);
    }

    private static void Check(string name, ReadOnlySpan<byte> bytes)
    {
        string path = TestData.Path($"mp4/golden/{name}.txt");
        string text = BoxDump.Of(bytes);
        if (Environment.GetEnvironmentVariable("ROOKERY_UPDATE_GOLDEN") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
        }

        text.ShouldBe(File.ReadAllText(path));
    }
}
