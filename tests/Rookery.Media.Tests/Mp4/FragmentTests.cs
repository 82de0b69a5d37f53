// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Media.Mp4;
using Rookery.Media.Mp4.Reading;

namespace Rookery.Media.Tests.Mp4;

public sealed class FragmentTests
{
    [Fact]
    public void What_is_written_as_fragments_reads_back_the_same()
    {
        for (int seed = 1; seed <= 200; seed++)
        {
            WriteAndReadBack(seed);
        }
    }

    private static void WriteAndReadBack(int seed)
    {
        Random random = new(seed);
        Mp4Track[] tracks = [new(1, TestData.H264()), new(2, TestData.Aac())];
        List<(int Track, long DecodeTime, FragmentSample Sample, byte[] Data)> expected = [];
        BoxWriter writer = new();
        writer.Bytes(InitSegment.Create(tracks));
        long[] decodeTimes = [random.NextInt64(1L << 40), random.NextInt64(1L << 40)];
        for (uint number = 1; number <= 4; number++)
        {
            List<FragmentRun> runs = [];
            List<byte[]> payload = [];
            for (int track = 0; track < 2; track++)
            {
                FragmentSample[] samples = new FragmentSample[random.Next(1, 6)];
                runs.Add(new((uint)track + 1, decodeTimes[track], 1, samples));
                for (int i = 0; i < samples.Length; i++)
                {
                    byte[] data = new byte[random.Next(1, 50)];
                    random.NextBytes(data);
                    samples[i] = new((uint)random.Next(1, 5000), data.Length, random.Next(2) == 0 ? 0 : random.Next(-3000, 3000), random.Next(3) == 0);
                    expected.Add((track, decodeTimes[track], samples[i], data));
                    decodeTimes[track] += samples[i].Duration;
                    payload.Add(data);
                }
            }

            Fragment.WriteSegmentType(writer);
            Fragment.WriteHead(writer, number, runs.ToArray()).ShouldBe(payload.Sum(data => data.Length));
            payload.ForEach(data => writer.Bytes(data));
        }

        using MemoryStream stream = new(writer.ToArray());
        Mp4File file = Mp4Reader.Read(stream);
        for (int track = 0; track < 2; track++)
        {
            var written = expected.Where(sample => sample.Track == track).ToArray();
            IReadOnlyList<Mp4Sample> read = file.Tracks[track].Samples;
            read.Count.ShouldBe(written.Length, $"seed {seed}");
            for (int i = 0; i < read.Count; i++)
            {
                (read[i].DecodeTime, read[i].Duration, read[i].CompositionOffset, read[i].IsSync)
                    .ShouldBe((written[i].DecodeTime, written[i].Sample.Duration, written[i].Sample.CompositionOffset, written[i].Sample.IsSync), $"seed {seed}");
                Mp4Reader.ReadSample(stream, read[i]).ShouldBe(written[i].Data, $"seed {seed}");
            }
        }
    }

    [Theory]
    [InlineData(Codec.H264)]
    [InlineData(Codec.H265)]
    [InlineData(Codec.Jpeg)]
    [InlineData(Codec.Aac)]
    [InlineData(Codec.Opus)]
    [InlineData(Codec.Pcmu)]
    [InlineData(Codec.Pcma)]
    public void A_format_survives_its_sample_entry(Codec codec)
    {
        bool isVideo = codec is Codec.H264 or Codec.H265 or Codec.Jpeg;
        TrackFormat format = new()
        {
            Codec = codec,
            Timescale = isVideo ? 90_000 : 48_000,
            Width = isVideo ? 1920 : 0,
            Height = isVideo ? 1080 : 0,
            Channels = isVideo ? 0 : 2,
            SampleRate = isVideo ? 0 : 48_000,
            CodecPrivate = codec is Codec.Jpeg or Codec.Pcmu or Codec.Pcma ? ReadOnlyMemory<byte>.Empty : new byte[] { 1, 2, 3, 4, 5 },
        };
        Mp4File file = Mp4Reader.Read(new MemoryStream(InitSegment.Create([new(1, format)])));
        file.Tracks[0].Formats.ShouldHaveSingleItem().ShouldBe(format);
    }

    [Fact]
    public void A_segment_index_points_behind_itself()
    {
        BoxWriter writer = new();
        Fragment.WriteSegmentIndex(writer, 1, 90_000, 1L << 40, 360_000, 12_345, startsWithSync: true);
        Convert.ToHexString(writer.Span).ShouldBe(
            "00000034" + "73696478" + "01000000" + "00000001" + "00015F90" + "0000010000000000" + "0000000000000000" + "0000" + "0001"
            + "00003039" + "00057E40" + "90000000");
    }
}
