// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Farm.Cameras;
using Rookery.Farm.Clips;

namespace Rookery.Farm.Tests.Cameras;

public sealed class TrackCursorTests
{
    private const long Second = 1_000_000_000;

    private static readonly Clip Clip = SyntheticClip.Make(seed: 1, frames: 50);

    [Fact]
    public void Units_follow_each_other_over_the_end_of_a_round_at_the_same_pace()
    {
        TrackCursor cursor = new(Clip, track: 0, startNanoseconds: 0);
        for (int i = 0; i < 500; i++)
        {
            cursor.DueNanoseconds.ShouldBe(i * Second / 25);
            cursor.PresentationTicks.ShouldBe(i * 3600L);
            (cursor.Round, cursor.Unit).ShouldBe((i / 50, i % 50));
            cursor.MoveNext();
        }
    }

    [Fact]
    public void Sound_and_picture_do_not_part_however_many_rounds_have_passed()
    {
        TrackCursor video = new(Clip, track: 0, startNanoseconds: 0);
        TrackCursor audio = new(Clip, track: 1, startNanoseconds: 0);
        long aMonth = 30L * 86400 * Second;
        video.Seek(aMonth);
        audio.Seek(aMonth);

        (audio.DueNanoseconds - video.DueNanoseconds).ShouldBeInRange(-Second / 20, Second / 20);
        // Both time lines, each by its own clock, show the same instant.
        (video.PresentationTicks / 90000.0).ShouldBe(audio.PresentationTicks / 48000.0, 0.05);
    }

    [Fact]
    public void Seeking_ends_at_the_first_unit_that_is_not_yet_due()
    {
        Random random = new(7);
        for (int i = 0; i < 200; i++)
        {
            long target = random.NextInt64(100 * Second);
            TrackCursor walked = new(Clip, track: 1, startNanoseconds: Second / 3);
            while (walked.DueNanoseconds < target)
            {
                walked.MoveNext();
            }

            TrackCursor sought = new(Clip, track: 1, startNanoseconds: Second / 3);
            sought.Seek(target);
            (sought.Round, sought.Unit, sought.DueNanoseconds).ShouldBe((walked.Round, walked.Unit, walked.DueNanoseconds));
        }
    }

    [Fact]
    public void A_random_access_point_is_waited_for_only_so_long()
    {
        TrackCursor cursor = new(Clip, track: 0, startNanoseconds: 0);
        cursor.Seek(Second / 10);

        cursor.TrySeekRandomAccess(Second / 2).ShouldBeFalse();
        cursor.Unit.ShouldBe(3);
        cursor.TrySeekRandomAccess(2 * Second).ShouldBeTrue();
        cursor.Unit.ShouldBe(25);
    }
}
