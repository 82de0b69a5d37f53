// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Media.Mp4.Progressive;
using Rookery.Media.Mp4.Reading;

namespace Rookery.Media.Tests.Mp4;

public sealed class Mp4LayoutTests
{
    /// <summary>Goal: the file that the layout describes is the file a reader sees. Method: random tracks, formats and chunks; the file is made through random ranges.</summary>
    [Fact]
    public void What_is_laid_out_reads_back_the_same()
    {
        for (int seed = 1; seed <= 150; seed++)
        {
            LayOutAndReadBack(seed);
        }
    }

    private static void LayOutAndReadBack(int seed)
    {
        Random random = new(seed);
        Mp4LayoutBuilder builder = new();
        TrackFormat[][] formats = [[TestData.H264(1), TestData.H264(2)], [TestData.Aac()]];
        int[] tracks = [builder.AddTrack(90_000), builder.AddTrack(48_000)];
        long[] decodeTimes = [random.Next(1_000_000), random.Next(500_000)];
        List<byte[]> chunks = [];
        List<(int Track, Mp4Sample Sample, byte[] Data)> expected = [];
        long[] first = [decodeTimes[0], decodeTimes[1]];
        for (int chunk = 0; chunk < random.Next(2, 20); chunk++)
        {
            int track = chunk < 2 ? chunk : random.Next(2);
            int format = random.Next(formats[track].Length);
            builder.BeginChunk(tracks[track], formats[track][format]);
            MemoryStream bytes = new();
            for (int i = random.Next(1, 5); i > 0; i--)
            {
                byte[] data = new byte[seed % 3 == 0 ? 7 : random.Next(0, 40)];
                random.NextBytes(data);
                bytes.Write(data);
                uint duration = seed % 2 == 0 ? 3600u : (uint)random.Next(1, 9000);
                Mp4Sample sample = new(decodeTimes[track], duration, seed % 5 == 0 ? 0 : random.Next(-10, 2) * 100, random.Next(2) == 0, 0, data.Length, format);
                builder.AddSample(sample.DecodeTime, sample.CompositionOffset, data.Length, sample.IsSync, duration);
                expected.Add((track, sample, data));
                decodeTimes[track] += duration;
            }

            chunks.Add(bytes.ToArray());
        }

        Mp4Layout layout = builder.Build(first[0], decodeTimes[0], null);
        using MemoryStream file = new(Assemble(layout, chunks, random));
        file.Length.ShouldBe(layout.LengthBytes);
        Mp4File read = Mp4Reader.Read(file);
        for (int track = 0; track < 2; track++)
        {
            var written = expected.Where(item => item.Track == track).ToArray();
            IReadOnlyList<Mp4Sample> samples = read.Tracks[track].Samples;
            samples.Count.ShouldBe(written.Length, $"seed {seed}");
            TrackFormat[] known = [.. read.Tracks[track].Formats.Select(format => format with { NominalFrameRate = formats[track][0].NominalFrameRate })];
            for (int i = 0; i < samples.Count; i++)
            {
                Mp4Sample sample = written[i].Sample;
                (samples[i].DecodeTime + first[track], samples[i].Duration, samples[i].CompositionOffset, samples[i].IsSync)
                    .ShouldBe((sample.DecodeTime, sample.Duration, sample.CompositionOffset, sample.IsSync), $"seed {seed}");
                known[samples[i].Format].ShouldBe(formats[track][sample.Format]);
                Mp4Reader.ReadSample(file, samples[i]).ShouldBe(written[i].Data, $"seed {seed}");
            }
        }
    }

    private static byte[] Assemble(Mp4Layout layout, List<byte[]> chunks, Random random)
    {
        byte[] file = new byte[layout.LengthBytes];
        for (long at = 0; at < file.Length;)
        {
            Mp4Piece piece = layout.PieceAt(at);
            int count = Math.Min(piece.LengthBytes, random.Next(1, 50));
            ReadOnlySpan<byte> source = piece.Chunk == Mp4Piece.Header ? layout.Header.Span : chunks[piece.Chunk];
            source.Slice(piece.OffsetBytes, count).CopyTo(file.AsSpan((int)at));
            at += count;
        }

        return file;
    }

    [Fact]
    public void Past_four_gigabytes_sizes_and_offsets_have_64_bits()
    {
        Mp4LayoutBuilder builder = new();
        int video = builder.AddTrack(90_000);
        for (int i = 0; i < 10; i++)
        {
            builder.BeginChunk(video, TestData.H264());
            builder.AddSample(i * 90_000L * 7200, 0, 1_000_000_000, true, 90_000);
        }

        Mp4Layout layout = builder.Build(0, 90_000L * 7200 * 10, null);
        layout.LengthBytes.ShouldBe(layout.Header.Length + 10_000_000_000);
        using SparseFile file = new(layout.Header, layout.LengthBytes);
        IReadOnlyList<Mp4Sample> samples = Mp4Reader.Read(file).Tracks[0].Samples;
        samples.Count.ShouldBe(10);
        samples[9].OffsetBytes.ShouldBe(layout.Header.Length + 9_000_000_000);
        samples[9].DecodeTime.ShouldBe(9 * 90_000L * 7200);
        layout.Duration.ShouldBe(TimeSpan.FromSeconds((7200 * 9) + 1));
    }

    [Fact]
    public void The_edit_hides_the_lead_in_and_what_comes_after_the_end()
    {
        Mp4LayoutBuilder builder = new();
        int video = builder.AddTrack(90_000);
        int audio = builder.AddTrack(48_000);
        int late = builder.AddTrack(8000);
        builder.BeginChunk(video, TestData.H264());
        for (int i = 0; i < 50; i++)
        {
            builder.AddSample(i * 3600, 7200, 10, i % 25 == 0, 3600);
        }

        builder.BeginChunk(audio, TestData.Aac());
        for (int i = 0; i < 90; i++)
        {
            builder.AddSample(i * 1024, 0, 10, true, 1024);
        }

        builder.BeginChunk(late, TestData.Aac() with { Timescale = 8000 });
        builder.AddSample(12_000, 0, 10, true, 160);

        Mp4Layout layout = builder.Build(90_000, 135_000, null); // from 1.0 s to 1.5 s
        Mp4File file = Mp4Reader.Read(new SparseFile(layout.Header, layout.LengthBytes));
        file.Timescale.ShouldBe(90_000u);
        file.Tracks[0].Edits.ShouldBe([new Mp4Edit(45_000, 90_000)]);
        file.Tracks[1].Edits.ShouldBe([new Mp4Edit(45_000, 48_000)]);
        file.Tracks[2].Edits[0].ShouldBe(new Mp4Edit(45_000, -1)); // begins 0.5 s into the window
        layout.Duration.ShouldBe(TimeSpan.FromSeconds(0.5));
    }

    [Fact]
    public void A_day_of_video_and_audio_needs_little_memory_per_sample()
    {
        Mp4LayoutBuilder builder = new();
        int video = builder.AddTrack(90_000);
        int audio = builder.AddTrack(48_000);
        TrackFormat h264 = TestData.H264();
        TrackFormat aac = TestData.Aac();
        Random random = new(1);
        const int records = 24 * 3600 * 2 / 20; // a twentieth of a day keeps the test short; cost is proportional
        long samples = 0;
        for (int record = 0; record < records; record++)
        {
            builder.BeginChunk(video, h264);
            for (int i = 0; i < 12; i++, samples++)
            {
                builder.AddSample(((record * 12L) + i) * 3600, 0, random.Next(1000, 90_000), i == 0, 3600);
            }

            builder.BeginChunk(audio, aac);
            for (int i = 0; i < 23; i++, samples++)
            {
                builder.AddSample(((record * 23L) + i) * 1024, 0, random.Next(300, 400), true, 1024);
            }
        }

        Mp4Layout layout = builder.Build(0, records * 12L * 3600, null);
        ((double)layout.Header.Length / samples).ShouldBeLessThan(6);
    }
}
