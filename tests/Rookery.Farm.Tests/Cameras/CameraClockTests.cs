// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Farm.Cameras;
using Rookery.Foundation;

namespace Rookery.Farm.Tests.Cameras;

public sealed class CameraClockTests
{
    private static readonly MonotonicTime Start = new(5_000_000_000);
    private static readonly WallTime Wall = new(1_700_000_000_000_000);

    [Fact]
    public void A_clock_without_drift_keeps_time_from_its_phase_on()
    {
        CameraClock clock = new(Start, Wall, TimeSpan.FromSeconds(3));
        clock.Media(Start + TimeSpan.FromSeconds(10)).ShouldBe(13_000_000_000);
        clock.Wall(Start + TimeSpan.FromSeconds(10)).ShouldBe(Wall + TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void A_fast_clock_gains_its_parts_per_million_in_media_and_in_wall_time()
    {
        CameraClock clock = new(Start, Wall, TimeSpan.Zero);
        clock.SetDrift(200, Start);
        MonotonicTime later = Start + TimeSpan.FromSeconds(10_000);
        ((double)clock.Media(later)).ShouldBe(10_002_000_000_000, tolerance: 1000);
        (clock.Wall(later) - (Wall + TimeSpan.FromSeconds(10_000))).TotalSeconds.ShouldBe(2, 1e-5);
    }

    [Fact]
    public void A_change_of_rate_makes_no_jump()
    {
        CameraClock clock = new(Start, Wall, TimeSpan.Zero);
        clock.SetDrift(-500, Start);
        MonotonicTime later = Start + TimeSpan.FromSeconds(1000);
        (long media, WallTime wall) = (clock.Media(later), clock.Wall(later));
        clock.SetDrift(900, later);
        clock.Media(later).ShouldBe(media);
        clock.Wall(later).ShouldBe(wall);
    }
}
