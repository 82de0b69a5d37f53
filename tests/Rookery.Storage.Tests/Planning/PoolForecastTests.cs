// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using FsCheck;
using FsCheck.Fluent;
using Rookery.Foundation;

namespace Rookery.Storage.Tests;

/// <summary>Goal: what an operator plans with is right. Method: pools of numbers whose answer is known, and laws over drawn ones.</summary>
public sealed class PoolForecastTests
{
    private const double PerDay = 86_400;
    private static readonly Config Laws = Config.QuickThrowOnFailure.WithMaxTest(300).WithReplay(20261122, 1);

    [Fact]
    public void A_young_store_says_that_it_does_not_know_yet()
    {
        PoolForecast forecast = PoolForecast.Of(PlannedPool.Of(disks: 1, freePercent: 99, classes: PlannedPool.Class(0, rate: null)));
        forecast.State.ShouldBe(FillState.Unknown);
        (forecast.FullIn, forecast.RoomPerSecond, forecast.Classes[0].Expected).ShouldBe((null, null, null));
    }

    [Fact]
    public void Free_room_is_used_up_at_the_rate_of_recording_parity_included()
    {
        // 3 disks of 1000 zones, 2+1: 1.5 of what is recorded is written. 2 zones of each disk are kept free.
        PoolSurvey pool = PlannedPool.Of(disks: 3, freePercent: 60, classes: PlannedPool.Class(0, rate: 100 * PlannedPool.Zone / PerDay, zones: 1200, layout: new ChunkLayout(2, 1)));
        PoolForecast forecast = PoolForecast.Of(pool);
        forecast.State.ShouldBe(FillState.Filling);
        forecast.RoomBytes.ShouldBe(998 * 3 * (256L << 20));
        forecast.FootageRoomBytes.ShouldBe(998 * 2 * (256L << 20));
        forecast.FullIn!.Value.TotalDays.ShouldBe(((998 * 3) - 1200) / 150.0, 0.001);
        forecast.Classes[0].Expected!.Value.TotalDays.ShouldBe(998 * 3 / 150.0, 0.001, "when it is full the oldest makes room");
    }

    [Fact]
    public void A_class_whose_days_end_before_the_room_does_never_fills_it()
    {
        PoolForecast forecast = PoolForecast.Of(PlannedPool.Of(1, 50, PlannedPool.Class(30, rate: 10 * PlannedPool.Zone / PerDay, zones: 200, maximumDays: 30)));
        forecast.State.ShouldBe(FillState.Balanced);
        forecast.FullIn.ShouldBeNull();
        forecast.Classes[0].Expected!.Value.TotalDays.ShouldBe(30, 0.001);
    }

    [Fact]
    public void One_class_reaches_its_end_and_another_fills_what_is_left()
    {
        // 998 zones of room; the first class has 100 and stops at 200 after 10 days, the second grows by 10 a day from 0: 998 - 200 = 798 zones last 79.8 days.
        PoolForecast forecast = PoolForecast.Of(PlannedPool.Of(
            1, 90, PlannedPool.Class(0, rate: 10 * PlannedPool.Zone / PerDay), PlannedPool.Class(20, rate: 10 * PlannedPool.Zone / PerDay, zones: 100, maximumDays: 20)));
        forecast.FullIn!.Value.TotalDays.ShouldBe(79.8, 0.001);
        // And then the first one keeps its 20 days, and the other gets the same 79.8.
        forecast.Classes.Select(c => c.Expected!.Value.TotalDays).ShouldBe([79.8, 20], 0.001);
    }

    [Fact]
    public void A_full_pool_is_called_full_and_tells_how_far_it_reaches()
    {
        PoolForecast forecast = PoolForecast.Of(PlannedPool.Of(1, 0, PlannedPool.Class(0, rate: 100 * PlannedPool.Zone / PerDay, zones: 997)));
        (forecast.State, forecast.FullIn).ShouldBe((FillState.Full, null));
        forecast.Classes[0].Expected!.Value.TotalDays.ShouldBe(9.98, 0.001);
    }

    [Fact]
    public void Minimums_come_first_then_the_higher_priority_then_the_others()
    {
        RetentionClass low = new(new RetentionClassId(200), null, null) { Priority = 10, MinimumAge = TimeSpan.FromDays(2) };
        RetentionClass high = new(new RetentionClassId(201), TimeSpan.FromDays(60), null) { Priority = 90 };
        PoolForecast forecast = PoolForecast.Of(PlannedPool.Of(
            1, 50, PlannedPool.Class(low, 10 * PlannedPool.Zone / PerDay), PlannedPool.Class(high, 10 * PlannedPool.Zone / PerDay)));
        // 998 zones: 20 for the minimum of the low one, 600 for all of the high one, and what is left goes to the low one again.
        forecast.Classes.Select(c => c.Expected!.Value.TotalDays).ShouldBe([39.8, 60], 0.001);

        PoolForecast small = PoolForecast.Of(PlannedPool.Of(
            1, 50, PlannedPool.Class(low, 100 * PlannedPool.Zone / PerDay), PlannedPool.Class(high, 100 * PlannedPool.Zone / PerDay)));
        small.Classes.Select(c => c.Expected!.Value.TotalDays).ShouldBe([2, 7.98], 0.001);
        small.Classes[0].MissesMinimum.ShouldBeFalse();
    }

    [Fact]
    public void What_is_held_is_no_room()
    {
        PoolSurvey pool = PlannedPool.Of(1, 50, PlannedPool.Class(0, 100 * PlannedPool.Zone / PerDay, zones: 500));
        double all = PoolForecast.Of(pool).Classes[0].Expected!.Value.TotalDays;
        double less = PoolForecast.Of(pool with { HeldBytes = 499 * (256L << 20) }).Classes[0].Expected!.Value.TotalDays;
        less.ShouldBe(all / 2, 0.01);
    }

    /// <summary>Expected ages never need more room than there is; they use all of it unless every class has its most; more room never shortens one.</summary>
    [Fact]
    public void Expected_ages_use_the_room_and_no_more()
    {
        Gen<ClassDemand> demand =
            from id in Gen.Choose(0, 250)
            from priority in Gen.Choose(0, 3)
            from rate in Gen.Choose(1, 1000)
            from minimum in Gen.Choose(0, 40)
            from maximum in Gen.Choose(0, 60)
            select new ClassDemand(
                new RetentionClass(new RetentionClassId((byte)id), maximum == 0 ? null : TimeSpan.FromDays(Math.Max(maximum, minimum)), null)
                {
                    Priority = priority, MinimumAge = minimum == 0 ? null : TimeSpan.FromDays(minimum),
                },
                ChunkLayout.Single, 0, rate, null);
        Gen<(ClassDemand[], int)> cases = from demands in Gen.ArrayOf(demand, 5) from days in Gen.Choose(0, 200_000) select (demands, days);
        Check.One(Laws, Prop.ForAll(cases.ToArbitrary(), c =>
        {
            (ClassDemand[] demands, int days) = c;
            double room = days * PerDay;
            double[] ages = [.. RetentionReach.Of(demands, room).Select(a => a!.Value.TotalSeconds)];
            double[] more = [.. RetentionReach.Of(demands, room * 1.1).Select(a => a!.Value.TotalSeconds)];
            double taken = demands.Select((d, i) => d.RoomPerSecond!.Value * ages[i]).Sum();
            bool hasAll = demands.Select((d, i) => ages[i] >= d.MostSeconds - 1).All(x => x);
            return taken <= room + 1 && (hasAll || taken >= room - (0.001 * room) - 1) && ages.Zip(more).All(p => p.Second >= p.First - 1);
        }));
    }
}
