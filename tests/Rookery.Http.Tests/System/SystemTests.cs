// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Text.Json;

namespace Rookery.Http.Tests;

public sealed class SystemTests
{
    [Fact]
    public async Task The_store_tells_how_long_its_writes_took_and_how_old_footage_was_when_it_was_safe()
    {
        await using RunningWeb web = await RunningWeb.StartLoggedInAsync();
        JsonElement store = (await web.GetAsync("/api/v1/system")).GetProperty("store");
        double Of(string name) => store.GetProperty(name).GetDouble();
        (Of("lastCommitMs"), Of("longestCommitMs")).ShouldBe((12, 30));
        (Of("medianCommitMs"), Of("p99CommitMs"), Of("recentLongestCommitMs")).ShouldBe((11, 25, 29));
        (Of("medianArrivalToDurableMs"), Of("p99ArrivalToDurableMs"), Of("longestArrivalToDurableMs")).ShouldBe((310, 400, 433.2));
    }
}
