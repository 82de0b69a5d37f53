// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Storage.Tests;

public sealed class CommitTimesTests
{
    [Fact]
    public void Before_the_first_commit_everything_is_zero() => new CommitTimes().Summarize().ShouldBe(default);

    [Fact]
    public void Ranks_are_those_of_the_latest_commits_only()
    {
        CommitTimes times = new();
        times.Add(TimeSpan.FromHours(1));
        for (int i = CommitTimes.Capacity; i >= 1; i--)
        {
            times.Add(TimeSpan.FromMilliseconds(i));
        }

        times.Summarize().ShouldBe(new CommitTimeSummary(
            150, TimeSpan.FromMilliseconds(75), TimeSpan.FromMilliseconds(149), TimeSpan.FromMilliseconds(150)));
    }

    [Fact]
    public void One_commit_is_the_median_and_the_longest()
    {
        CommitTimes times = new();
        times.Add(TimeSpan.FromMilliseconds(7));
        CommitTimeSummary summary = times.Summarize();
        summary.Count.ShouldBe(1);
        (summary.Median, summary.Percentile99, summary.Longest).ShouldBe((TimeSpan.FromMilliseconds(7), TimeSpan.FromMilliseconds(7), TimeSpan.FromMilliseconds(7)));
    }
}
