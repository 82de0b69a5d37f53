// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Globalization;
using Rookery.Media.Mp4.Reading;

namespace Rookery.Media.Tests.Mp4;

public sealed class Mp4ReaderTests
{
    [Theory]
    [InlineData("h264-aac")]
    [InlineData("h264-aac-fragmented")]
    [InlineData("h265")]
    public void Every_sample_is_where_another_reader_finds_it(string clip)
    {
        Mp4File file = Mp4Reader.Read(TestData.Open($"mp4/{clip}.mp4"));
        foreach (Mp4FileTrack track in file.Tracks)
        {
            string kind = track.Kind == TrackKind.Video ? "v" : "a";
            string[] expected = File.ReadAllLines(TestData.Path($"mp4/{clip}.{kind}.csv"));
            string[] found = [.. track.Samples.Select(sample => string.Create(
                CultureInfo.InvariantCulture,
                $"{sample.PresentationTime},{sample.DecodeTime},{sample.SizeBytes},{sample.OffsetBytes},{(sample.IsSync ? "K_" : "__")}"))];
            found.ShouldBe(expected);
        }
    }

    [Fact]
    public void Formats_carry_what_a_decoder_needs()
    {
        Mp4File file = Mp4Reader.Read(TestData.Open("mp4/h264-aac.mp4"));
        TrackFormat video = file.Tracks[0].Formats.ShouldHaveSingleItem();
        video.Codec.ShouldBe(Codec.H264);
        (video.Width, video.Height).ShouldBe((128, 96));
        video.CodecPrivate.Span[0].ShouldBe((byte)1); // configurationVersion of avcC
        TrackFormat audio = file.Tracks[1].Formats.ShouldHaveSingleItem();
        audio.Codec.ShouldBe(Codec.Aac);
        (audio.SampleRate, audio.Channels).ShouldBe((48_000, 1));
        audio.CodecPrivate.Length.ShouldBeGreaterThanOrEqualTo(2);
        Mp4Reader.Read(TestData.Open("mp4/h265.mp4")).Tracks[0].Formats[0].Codec.ShouldBe(Codec.H265);
    }

    [Fact]
    public void Edits_are_told_as_they_are_in_the_file()
    {
        Mp4FileTrack video = Mp4Reader.Read(TestData.Open("mp4/h264-aac.mp4")).Tracks[0];
        video.Edits.ShouldHaveSingleItem().MediaTime.ShouldBe(video.Samples[0].PresentationTime);
    }

    [Fact]
    public void A_fragmented_file_that_was_cut_off_ends_before_the_cut()
    {
        byte[] whole = File.ReadAllBytes(TestData.Path("mp4/h264-aac-fragmented.mp4"));
        Mp4File all = Mp4Reader.Read(new MemoryStream(whole));
        Mp4File cut = Mp4Reader.Read(new MemoryStream(whole, 0, whole.Length * 2 / 3));
        cut.Tracks[0].Samples.Count.ShouldBeLessThan(all.Tracks[0].Samples.Count);
        cut.Tracks[0].Samples.ShouldBe(all.Tracks[0].Samples.Take(cut.Tracks[0].Samples.Count));
        foreach (Mp4Sample sample in cut.Tracks.SelectMany(track => track.Samples))
        {
            (sample.OffsetBytes + sample.SizeBytes).ShouldBeLessThanOrEqualTo(whole.Length * 2 / 3);
        }
    }

    /// <summary>Goal: no bytes make the reader throw anything else, hang, or point outside the file. Method: damage good files at seeded places.</summary>
    [Theory]
    [InlineData("mp4/h264-aac.mp4")]
    [InlineData("mp4/h264-aac-fragmented.mp4")]
    public void Damage_is_an_answer_and_not_an_accident(string clip)
    {
        byte[] good = File.ReadAllBytes(TestData.Path(clip));
        Random random = new(20261122);
        for (int round = 0; round < 3000; round++)
        {
            byte[] bad = good.AsSpan(0, random.Next(4) == 0 ? random.Next(good.Length) : good.Length).ToArray();
            for (int flips = random.Next(4); flips >= 0 && bad.Length > 0; flips--)
            {
                // Headers stand at the front; damage in the media data would not even be looked at.
                bad[random.Next(Math.Min(bad.Length, 2300))] = random.Next(3) switch { 0 => 0, 1 => 0xFF, _ => (byte)random.Next(256) };
            }

            try
            {
                foreach (Mp4Sample sample in Mp4Reader.Read(new MemoryStream(bad)).Tracks.SelectMany(track => track.Samples))
                {
                    sample.OffsetBytes.ShouldBeInRange(0, bad.Length - sample.SizeBytes);
                }
            }
            catch (InvalidDataException)
            {
            }
        }
    }
}
