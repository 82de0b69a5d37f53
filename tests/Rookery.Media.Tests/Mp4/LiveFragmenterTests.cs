// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;
using Rookery.Media.Mp4;
using Rookery.Media.Mp4.Reading;

namespace Rookery.Media.Tests.Mp4;

public sealed class LiveFragmenterTests
{
    private static readonly WallTime Start = new(1_800_000_000_000_000);
    private readonly BlockPool _pool = new(1 << 20);
    private readonly BoxWriter _output = new();
    private readonly LiveFragmenter _fragmenter = new([new Mp4Track(1, TestData.H264()), new Mp4Track(2, TestData.Aac())]);

    [Fact]
    public void Tracks_that_count_from_unrelated_starts_meet_on_one_timeline()
    {
        Video(-7_000_000, 0);
        Audio(123_456_789, 0.030);
        Video(-7_000_000 + 3600, 0.040);
        Mp4File file = Read();
        file.Tracks[0].Samples[0].DecodeTime.ShouldBe(90_000);
        file.Tracks[1].Samples[0].DecodeTime.ShouldBe(48_000 + 1440);
    }

    [Fact]
    public void Each_picture_leaves_at_once_and_takes_the_audio_before_it_along()
    {
        Video(0, 0).ShouldBeTrue();
        Audio(0, 0).ShouldBeFalse();
        Audio(1024, 0.021).ShouldBeFalse();
        int before = _output.Length;
        Video(3600, 0.040).ShouldBeTrue();
        _output.Length.ShouldBeGreaterThan(before);
        Mp4File file = Read();
        file.Tracks[0].Samples.Count.ShouldBe(2);
        file.Tracks[1].Samples.Select(sample => sample.Duration).ShouldBe([1024u, 1024u]);
    }

    [Fact]
    public void Audio_does_not_wait_for_pictures_that_do_not_come()
    {
        int fragments = 0;
        for (int i = 0; i < 100; i++)
        {
            fragments += Audio(i * 1024L, i * 1024 / 48_000.0) ? 1 : 0;
        }

        fragments.ShouldBeInRange(15, 20); // about 2.1 s in pieces of 120 ms
        Read().Tracks[1].Samples.Count.ShouldBeGreaterThanOrEqualTo(94);
    }

    [Fact]
    public void Jitter_of_arrival_does_not_reach_the_timeline()
    {
        Random random = new(5);
        for (int i = 0; i < 50; i++)
        {
            Video(i * 3600L, (i * 0.040) + (i == 0 ? 0 : random.NextDouble() * 0.2));
        }

        Read().Tracks[0].Samples.Select(sample => sample.DecodeTime).ShouldBe(Enumerable.Range(0, 50).Select(i => 90_000 + (i * 3600L)));
    }

    [Fact]
    public void Sound_that_stops_is_replaced_by_silence_without_a_hole_and_goes_on_where_it_is()
    {
        for (int i = 0; i < 250; i++)
        {
            // Sound from 0 to 2 s and from 6 s on; a picture each 40 ms.
            for (int frame = (i * 15 / 8) + 1; frame <= (i + 1) * 15 / 8; frame++)
            {
                if (i is < 50 or >= 150)
                {
                    Audio(frame * 1024L, frame * 1024 / 48_000.0);
                }
            }

            Video(i * 3600L, i * 0.040).ShouldBeTrue();
        }

        Mp4FileTrack sound = Read().Tracks[1];
        for (int i = 1; i < sound.Samples.Count; i++)
        {
            (sound.Samples[i].DecodeTime - sound.Samples[i - 1].DecodeTime).ShouldBeInRange(512, 1536, $"between frames {i - 1} and {i}");
        }

        sound.Samples[^1].DecodeTime.ShouldBe(48_000 + (467 * 1024), "its own place, counted from the first frame");
        int silent = sound.Samples.Count(sample => sample.SizeBytes < 10);
        silent.ShouldBeInRange(184, 190, "4 s of silence, and no more");
    }

    [Fact]
    public void Sound_that_never_comes_does_not_hold_the_pictures()
    {
        for (int i = 0; i < 50; i++)
        {
            Video(i * 3600L, i * 0.040);
        }

        Mp4FileTrack sound = Read().Tracks[1];
        sound.Samples[0].DecodeTime.ShouldBe(48_000);
        (sound.Samples[^1].DecodeTime / 48_000.0).ShouldBeInRange(2.7, 3.0);
    }

    [Fact]
    public void Sound_that_always_comes_late_is_waited_for_from_then_on()
    {
        int kept = 0;
        for (int i = 0; i < 250; i++)
        {
            Video(i * 3600L, i * 0.040);
            for (int frame = ((i - 15) * 15 / 8) + 1; i >= 15 && frame <= (i - 14) * 15 / 8; frame++)
            {
                Audio(frame * 1024L, frame * 1024 / 48_000.0);
                kept = frame;
            }
        }

        Read().Tracks[1].Samples.Count(sample => sample.SizeBytes == 10).ShouldBeGreaterThan(kept - 40);
    }

    /// <summary>Worked out by hand from ISO/IEC 14496-3 §4.4.2; ffmpeg decodes them to 1024 zeros a channel.</summary>
    [Theory]
    [InlineData(1, "00000007")]
    [InlineData(2, "2000000000000E")]
    public void A_silent_frame_is_an_element_without_content_and_the_end(int channels, string bytes)
    {
        Convert.ToHexString(SilentFrame.Of(TestData.Aac() with { Channels = channels }).Span).ShouldBe(bytes);
        SilentFrame.Of(TestData.Aac() with { Channels = 6 }).IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public void A_unit_that_goes_back_in_time_is_left_out()
    {
        Video(0, 0);
        Video(3600, 0.04);
        Video(1800, 0.05).ShouldBeFalse();
        Video(7200, 0.08).ShouldBeTrue();
        Read().Tracks[0].Samples.Count.ShouldBe(3);
    }

    [Fact]
    public void A_fragment_allocates_nothing_once_buffers_have_grown()
    {
        Block block = _pool.TryRent(5000)!;
        AccessUnit unit = new(0, 0, AccessUnitFlags.RandomAccess, new BlockSlice(block, 0, 4000));
        long decodeTime = 0;
        void Second()
        {
            for (int i = 0; i < 25; i++, decodeTime += 3600)
            {
                _output.Clear();
                _fragmenter.Write(_output, 0, unit with { DecodeTime = decodeTime }, Start);
            }
        }

        Second();
        Second();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Second();
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
        block.Release();
    }

    private bool Video(long decodeTime, double seconds) => Write(0, decodeTime, seconds);

    private bool Audio(long decodeTime, double seconds) => Write(1, decodeTime, seconds);

    private bool Write(int track, long decodeTime, double seconds)
    {
        Block block = _pool.TryRent(10)!;
        bool written = _fragmenter.Write(
            _output, track, new AccessUnit(decodeTime, 0, AccessUnitFlags.RandomAccess, new BlockSlice(block, 0, 10)), Start + TimeSpan.FromSeconds(seconds));
        block.Release();
        return written;
    }

    private Mp4File Read()
    {
        using MemoryStream stream = new();
        stream.Write(_fragmenter.Init.Span);
        stream.Write(_output.Span);
        return Mp4Reader.Read(stream);
    }
}
