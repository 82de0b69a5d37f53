// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Storage.Tests;

public sealed class HeadChoiceTests
{
    private const int Most = 100;

    [Fact]
    public void The_first_run_of_a_class_makes_its_first_head() => HeadChoice.Choose([], latest: 7, Most, mayOpen: true).ShouldBe((byte)0);

    [Fact]
    public void A_further_head_is_opened_only_when_all_are_full()
    {
        HeadChoice.Choose([Head(0, 99, 5e7)], null, Most, mayOpen: true).ShouldBe((byte)0);
        HeadChoice.Choose([Head(0, 100, 5e7)], null, Most, mayOpen: true).ShouldBe((byte)1);
        HeadChoice.Choose([Head(0, 100, 5e7), Head(2, 100, 5e7)], null, Most, mayOpen: true).ShouldBe((byte)1);
    }

    [Fact]
    public void Where_no_further_head_may_be_the_least_loaded_is_shared_by_more() =>
        HeadChoice.Choose([Head(0, 100, 5e7), Head(1, 100, 4e7)], null, Most, mayOpen: false).ShouldBe((byte)1);

    [Fact]
    public void Of_the_heads_in_use_the_one_with_the_least_to_write_is_taken()
    {
        HeadChoice.Facts[] heads = [Head(0, 60, 5e7), Head(1, 80, 3e7), Head(2, 40, 4e7)];
        HeadChoice.Choose(heads, null, Most, mayOpen: true).ShouldBe((byte)1);
        HeadChoice.Choose([heads[0], heads[1] with { Channels = 100 }, heads[2]], null, Most, mayOpen: true).ShouldBe((byte)2);
    }

    [Fact]
    public void A_stream_comes_back_to_its_head_unless_that_has_much_more_to_write_or_is_full()
    {
        HeadChoice.Facts[] heads = [Head(0, 90, 4.4e7), Head(1, 90, 4e7)];
        HeadChoice.Choose(heads, latest: 0, Most, mayOpen: true).ShouldBe((byte)0);
        HeadChoice.Choose([Head(0, 90, 5.2e7), heads[1]], latest: 0, Most, mayOpen: true).ShouldBe((byte)1);
        HeadChoice.Choose([heads[0] with { Channels = 100 }, heads[1]], latest: 0, Most, mayOpen: true).ShouldBe((byte)1);
    }

    [Fact]
    public void A_head_gets_no_more_runs_when_the_others_have_room_to_spare_and_again_some_before_they_are_full()
    {
        // 80 channels fit on one head with a fifth to spare: the second empties as its runs end.
        HeadChoice.Choose([Head(0, 60, 3e7), Head(1, 19, 1e7)], latest: 1, Most, mayOpen: true).ShouldBe((byte)0);
        HeadChoice.Choose([Head(0, 60, 3e7), Head(1, 20, 1e7)], latest: 1, Most, mayOpen: true).ShouldBe((byte)1);
    }

    [Fact]
    public void After_a_start_streams_come_back_to_their_heads_whatever_order_they_come_in() =>
        HeadChoice.Choose([new(0, 50, 2.5e7, 0), new(1, 0, 0, 0)], latest: 0, Most, mayOpen: true).ShouldBe((byte)0);

    /// <summary>Cameras come and go at random for long; the heads that are left are few and hardly any is emptier than the rule promises.</summary>
    [Fact]
    public void While_channels_come_and_go_no_head_is_overfull_and_there_are_no_more_heads_than_channels_need()
    {
        Random random = new(3);
        List<(byte Head, double Rate)> channels = [];
        for (int step = 0; step < 20_000; step++)
        {
            if (channels.Count > 0 && random.Next(1000) < (step / 4000 % 2 == 0 ? 480 : 520))
            {
                channels.RemoveAt(random.Next(channels.Count));
                continue;
            }

            HeadChoice.Facts[] heads = [.. channels.GroupBy(c => c.Head).OrderBy(g => g.Key).Select(g => Head(g.Key, g.Count(), g.Sum(c => c.Rate)))];
            channels.Add((HeadChoice.Choose(heads, null, 10, mayOpen: true), 1 + random.NextDouble()));
            channels.GroupBy(c => c.Head).Max(g => g.Count()).ShouldBeLessThanOrEqualTo(10);
            // A draining head goes when the last of its runs ends; with runs that end at random that takes a while.
            ((double)channels.Select(c => c.Head).Distinct().Count()).ShouldBeLessThanOrEqualTo((channels.Count / 10.0 * 2) + 4);
        }
    }

    private static HeadChoice.Facts Head(byte number, int channels, double bytesPerSecond) => new(number, channels, bytesPerSecond, bytesPerSecond);
}
