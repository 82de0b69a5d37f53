// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage.Tests;

public sealed class ClockTrustTests
{
    private static readonly MonotonicTime Zero = new(1_000_000_000_000);

    [Fact]
    public void A_clock_that_goes_its_pace_is_trusted()
    {
        var trust = new ClockTrust(StoreBench.Start);
        for (int i = 1; i < 10; i++)
        {
            trust.IsTrusted(StoreBench.Start + TimeSpan.FromHours(i), Zero + TimeSpan.FromHours(i)).ShouldBeTrue();
        }
    }

    [Fact]
    public void A_clock_that_jumped_forward_expires_nothing_for_an_hour()
    {
        var trust = new ClockTrust(StoreBench.Start);
        trust.IsTrusted(StoreBench.Start, Zero).ShouldBeTrue();
        WallTime jumped = StoreBench.Start + TimeSpan.FromDays(400);
        trust.IsTrusted(jumped, Zero + TimeSpan.FromSeconds(10)).ShouldBeFalse();
        trust.IsTrusted(jumped + TimeSpan.FromMinutes(59), Zero + TimeSpan.FromMinutes(59)).ShouldBeFalse();
        trust.IsTrusted(jumped + TimeSpan.FromMinutes(61), Zero + TimeSpan.FromMinutes(61)).ShouldBeTrue();
    }

    [Fact]
    public void After_days_switched_off_nothing_expires_in_the_first_hour()
    {
        var trust = new ClockTrust(StoreBench.Start);
        trust.IsTrusted(StoreBench.Start + TimeSpan.FromDays(3), Zero).ShouldBeFalse();
        trust.IsTrusted(StoreBench.Start + TimeSpan.FromDays(3) + TimeSpan.FromHours(2), Zero + TimeSpan.FromHours(2)).ShouldBeTrue();
    }

    [Fact]
    public void A_clock_put_back_is_trusted_and_a_jump_after_it_is_seen()
    {
        var trust = new ClockTrust(StoreBench.Start);
        trust.IsTrusted(StoreBench.Start, Zero).ShouldBeTrue();
        trust.IsTrusted(StoreBench.Start - TimeSpan.FromDays(9), Zero + TimeSpan.FromSeconds(10)).ShouldBeTrue();
        trust.IsTrusted(StoreBench.Start, Zero + TimeSpan.FromSeconds(20)).ShouldBeFalse();
    }
}
