// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Net;
using Rookery.Foundation;

namespace Rookery.Http.Tests;

public sealed class LoginThrottleTests
{
    private static readonly MonotonicTime Start = new(1_000_000_000_000);

    [Fact]
    public void A_few_wrong_passwords_cost_no_wait()
    {
        LoginThrottle throttle = new();
        Fail(throttle, 4, "10.0.0.1", "ann", Start);
        throttle.Wait("10.0.0.1", "ann", Start).ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public void From_the_fifth_failure_on_each_doubles_the_pause_up_to_five_minutes()
    {
        LoginThrottle throttle = new();
        Fail(throttle, 5, "10.0.0.1", "ann", Start);
        throttle.Wait("10.0.0.1", "ann", Start).ShouldBe(TimeSpan.FromSeconds(2));
        Fail(throttle, 1, "10.0.0.1", "ann", Start);
        throttle.Wait("10.0.0.1", "ann", Start).ShouldBe(TimeSpan.FromSeconds(4));
        Fail(throttle, 60, "10.0.0.1", "ann", Start);
        throttle.Wait("10.0.0.1", "ann", Start).ShouldBe(TimeSpan.FromMinutes(5));
    }

    [Fact]
    public void Strangers_who_fail_in_somebodys_name_do_not_keep_them_out()
    {
        LoginThrottle throttle = new();
        for (int i = 0; i < 2 * LoginThrottle.MaximumEntries; i++)
        {
            throttle.Failed($"10.0.{i / 250}.{i % 250}", "ann", Start);
        }

        throttle.Wait("192.168.1.5", "ann", Start).ShouldBe(TimeSpan.Zero);
    }

    [Theory]
    [InlineData("2001:db8:1:2:aaaa::1", "2001:db8:1:2:bbbb::9", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    [InlineData("::ffff:192.0.2.1", "192.0.2.1", true)]
    [InlineData("::ffff:192.0.2.1", "::ffff:192.0.2.2", false)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    public void A_network_of_ipv6_is_one_caller_and_so_is_an_address_of_ipv4(string one, string other, bool isSame) =>
        (LoginThrottle.CallerOf(IPAddress.Parse(one)) == LoginThrottle.CallerOf(IPAddress.Parse(other))).ShouldBe(isSame);

    [Fact]
    public void One_address_that_tries_many_names_is_slowed_down()
    {
        LoginThrottle throttle = new();
        for (int i = 0; i < 100; i++)
        {
            throttle.Failed("10.0.0.1", $"name {i}", Start);
        }

        throttle.Wait("10.0.0.1", "ann", Start).ShouldBe(TimeSpan.FromSeconds(30));
        throttle.Wait("10.0.0.2", "ann", Start).ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public void The_pause_ends_and_old_failures_are_forgotten()
    {
        LoginThrottle throttle = new();
        Fail(throttle, 5, "10.0.0.1", "ann", Start);
        throttle.Wait("10.0.0.1", "ann", Start + TimeSpan.FromSeconds(2)).ShouldBe(TimeSpan.Zero);
        MonotonicTime later = Start + TimeSpan.FromMinutes(16);
        Fail(throttle, 1, "10.0.0.1", "ann", later);
        throttle.Wait("10.0.0.1", "ann", later).ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public void A_login_clears_the_failures()
    {
        LoginThrottle throttle = new();
        Fail(throttle, 5, "10.0.0.1", "ann", Start);
        throttle.Succeeded("10.0.0.1", "ann");
        throttle.Wait("10.0.0.1", "ann", Start).ShouldBe(TimeSpan.Zero);
    }

    private static void Fail(LoginThrottle throttle, int times, string address, string name, MonotonicTime now)
    {
        for (int i = 0; i < times; i++)
        {
            throttle.Failed(address, name, now);
        }
    }
}
