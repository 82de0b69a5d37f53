// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Media.Mp4;

namespace Rookery.Media.Tests.Mp4;

public sealed class TicksTests
{
    [Theory]
    [InlineData(1024, 48_000, 90_000, 1920)]
    [InlineData(1, 3, 2, 1)] // two thirds
    [InlineData(1, 2, 1, 1)] // one half goes up
    [InlineData(-1, 2, 1, 0)]
    [InlineData(-3, 2, 1, -1)]
    [InlineData(-2, 3, 1, -1)]
    [InlineData(long.MaxValue / 90_000, 1, 90_000, long.MaxValue / 90_000 * 90_000)]
    public void Times_go_to_the_nearest_tick(long value, long from, long to, long expected) => Ticks.Rescale(value, from, to).ShouldBe(expected);
}
