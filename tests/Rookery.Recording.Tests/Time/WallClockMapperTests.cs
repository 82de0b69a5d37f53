// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Recording.Tests.Time;

public sealed class WallClockMapperTests
{
    private const int Timescale = 90000;
    private const long Frame = 3600;
    private static readonly WallTime Begin = WallTime.From(new DateTimeOffset(2026, 6, 1, 12, 0, 0, TimeSpan.Zero));

    /// <summary>A camera at 25 pictures a second whose quartz is off by some ppm and whose packets are delayed by 0 to 90 ms.</summary>
    private sealed class Camera(double partsPerMillion, TimeSpan clockError)
    {
        private readonly Random _jitter = new(1);
        private readonly WallClockMapper _mapper = new(Timescale, WallClockMapper.DefaultTrustLimit);
        private long _frame;

        public WallClockMapper Mapper => _mapper;

        public bool SendsReports { get; init; } = true;

        public TimeSpan ClockError { get; set; } = clockError;

        public TimeSpan OurStep { get; set; }

        /// <summary>By how much decode times precede presentation times.</summary>
        public long DecodeLag { get; set; }

        public int Jumps { get; private set; }

        public int SetBacks { get; private set; }

        public WallTime TrueTime { get; private set; }

        public WallTime Wall { get; private set; }

        public void Play(double seconds)
        {
            for (int i = 0; i < seconds * 25; i++)
            {
                long media = 4_000_000_000 + (_frame * Frame);
                TrueTime = Begin + TimeSpan.FromSeconds(_frame++ / 25.0 / (1 + (partsPerMillion / 1e6)));
                if (SendsReports && _frame % 125 == 2)
                {
                    _mapper.OnSenderReport(media, TrueTime + ClockError);
                }

                WallTime wall = _mapper.Map(media - DecodeLag, media, TrueTime + OurStep + TimeSpan.FromMilliseconds(_jitter.Next(90)), out ClockEvent clockEvent);
                Jumps += clockEvent == ClockEvent.Jumped ? 1 : 0;
                SetBacks += clockEvent == ClockEvent.SetBack ? 1 : 0;
                wall.ShouldBeGreaterThan(Wall);
                if (clockEvent == ClockEvent.None && _frame > 1 && Jumps == 0 && DecodeLag == 0)
                {
                    Math.Abs((wall - Wall).TotalMicroseconds - 40_000).ShouldBeLessThanOrEqualTo(40_000 * 0.0005 + 1);
                }

                Wall = wall;
            }
        }

        public double Error => (Wall - TrueTime).TotalSeconds;
    }

    [Fact]
    public void A_camera_with_a_good_clock_is_followed_to_the_millisecond()
    {
        Camera camera = new(0, TimeSpan.FromMilliseconds(-300));

        camera.Play(900);

        camera.Mapper.FollowsSender.ShouldBeTrue();
        camera.Error.ShouldBe(-0.3, 0.002);
        camera.Jumps.ShouldBe(0);
    }

    [Fact]
    public void A_camera_an_hour_off_is_put_where_its_packets_arrive()
    {
        Camera camera = new(0, TimeSpan.FromHours(1));

        camera.Play(120);

        camera.Mapper.FollowsSender.ShouldBeFalse();
        camera.Error.ShouldBeInRange(0, 0.09);
        camera.Jumps.ShouldBe(0);
    }

    [Fact]
    public void A_camera_without_reports_is_put_where_its_packets_arrive()
    {
        Camera camera = new(0, TimeSpan.Zero) { SendsReports = false };

        camera.Play(120);

        camera.Error.ShouldBeInRange(0, 0.09);
    }

    [Theory]
    [InlineData(80)]
    [InlineData(-250)]
    public void Drift_is_followed_and_told(double partsPerMillion)
    {
        Camera camera = new(partsPerMillion, TimeSpan.Zero);

        camera.Play(1200);

        camera.Error.ShouldBe(0, 0.05);
        camera.Mapper.DriftPartsPerMillion.ShouldNotBeNull().ShouldBe(partsPerMillion, 15);
        camera.Jumps.ShouldBe(0);
    }

    [Fact]
    public void Decode_times_that_move_against_presentation_times_are_no_drift()
    {
        Camera camera = new(0, TimeSpan.Zero) { SendsReports = false };
        camera.Play(1);

        camera.DecodeLag = 2 * Frame - 1000;
        camera.Play(200);

        camera.Mapper.DriftPartsPerMillion.ShouldNotBeNull().ShouldBe(0, 100);
    }

    [Fact]
    public void A_camera_that_loses_its_clock_in_mid_session_is_no_longer_followed()
    {
        Camera camera = new(0, TimeSpan.Zero);
        camera.Play(60);

        camera.ClockError = TimeSpan.FromDays(-365 * 20);
        camera.Play(60);

        camera.Mapper.FollowsSender.ShouldBeFalse();
        camera.Error.ShouldBeInRange(-0.001, 0.09);
        camera.Jumps.ShouldBe(0);
    }

    [Fact]
    public void Our_own_clock_set_forward_is_a_single_jump()
    {
        Camera camera = new(0, TimeSpan.Zero) { SendsReports = false };
        camera.Play(60);

        camera.OurStep = TimeSpan.FromSeconds(30);
        camera.Play(60);

        camera.Jumps.ShouldBe(1);
        camera.Error.ShouldBeInRange(29.9, 30.1);
    }

    [Fact]
    public void Our_own_clock_set_back_never_takes_time_back()
    {
        Camera camera = new(0, TimeSpan.Zero) { SendsReports = false };
        camera.Play(60);

        camera.OurStep = TimeSpan.FromSeconds(-15);
        camera.Play(60);

        camera.Error.ShouldBeInRange(-15, -14.9);
        camera.Jumps.ShouldBe(1);
        camera.SetBacks.ShouldBe(0);
    }

    [Fact]
    public void Our_own_clock_set_back_by_far_is_told_at_once_and_still_takes_no_time_back()
    {
        Camera camera = new(0, TimeSpan.Zero);
        camera.Play(60);

        camera.OurStep = TimeSpan.FromHours(-1);
        camera.Play(0.2);

        camera.SetBacks.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void Media_time_beyond_a_month_does_not_overflow()
    {
        WallClockMapper mapper = new(Timescale, WallClockMapper.DefaultTrustLimit);

        WallTime first = mapper.Map(1L << 44, 1L << 44, Begin, out _);
        WallTime second = mapper.Map((1L << 44) + Frame, (1L << 44) + Frame, Begin + TimeSpan.FromMilliseconds(40), out _);

        first.ShouldBe(Begin);
        (second - first).ShouldBe(TimeSpan.FromMilliseconds(40));
    }
}
