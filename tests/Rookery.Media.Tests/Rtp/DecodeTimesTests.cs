// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Media.Rtp;

namespace Rookery.Media.Tests.Rtp;

public sealed class DecodeTimesTests
{
    private static readonly TrackFormat Format = new() { Codec = Codec.H264, Timescale = 90000, NominalFrameRate = 25, ReorderDepth = 2 };

    [Fact]
    public void Without_reordering_decoding_is_presentation()
    {
        DecodeTimes times = Configured(0);
        new long[] { 100, 3700, 7300 }.Select(times.Next).ShouldBe([100, 3700, 7300]);
    }

    [Fact]
    public void With_a_pyramid_decode_times_are_presentation_times_shifted_by_the_depth()
    {
        // I P B b b in output order I b B b P at 3600 ticks.
        long[] presentation = [0, 14400, 7200, 3600, 10800, 28800, 21600, 18000, 25200];
        DecodeTimes times = Configured(2);

        long[] decode = [.. presentation.Select(times.Next)];

        decode.ShouldBe([-7200, -3600, 0, 3600, 7200, 10800, 14400, 18000, 21600]);
    }

    [Fact]
    public void Any_order_within_the_depth_gives_growing_decode_times_not_above_presentation()
    {
        Property.Holds((random, size) =>
        {
            int depth = random.Next(1, DecodeTimes.MaximumDepth + 1);
            DecodeTimes times = Configured(depth);
            // Mini-groups of up to depth + 1 pictures: the last in output order is decoded first, the others in any order.
            long next = random.Next();
            List<long> presentation = [next];
            for (int group = 0; group < 3 + size; group++)
            {
                long[] members = [.. Enumerable.Range(0, random.Next(1, depth + 2)).Select(_ => next += random.Next(900, 5000))];
                presentation.Add(members[^1]);
                random.Shuffle(members.AsSpan(0, members.Length - 1));
                presentation.AddRange(members[..^1]);
            }

            long last = long.MinValue;
            foreach (long time in presentation)
            {
                long decode = times.Next(time);
                decode.ShouldBeGreaterThan(last);
                decode.ShouldBeLessThanOrEqualTo(time);
                last = decode;
            }
        });
    }

    [Fact]
    public void After_a_pause_pictures_do_not_wait_as_long_as_it_was()
    {
        DecodeTimes times = Configured(2);
        foreach (long time in (long[])[0, 7200, 3600])
        {
            times.Next(time);
        }

        long after = times.Next(900_000);
        (900_000 - after).ShouldBe(7200);
    }

    [Fact]
    public void A_stream_that_reorders_without_saying_so_is_found_out()
    {
        DecodeTimes times = Configured(0);
        foreach (long time in (long[])[0, 14400, 7200, 3600, 10800])
        {
            times.Next(time);
        }

        times.ObservedDepth.ShouldBe(2);
    }

    [Fact]
    public void A_clock_set_back_a_little_is_not_taken_for_reordering()
    {
        DecodeTimes times = Configured(0);
        for (int i = 0; i < 30; i++)
        {
            times.Next(i * 3600);
        }

        times.Next(100_000 - 45_000);
        times.ObservedDepth.ShouldBe(0);
    }

    private static DecodeTimes Configured(int depth)
    {
        DecodeTimes times = new();
        times.Configure(Format with { ReorderDepth = depth });
        return times;
    }
}
