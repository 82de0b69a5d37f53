// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Http.Tests;

public sealed class TurnsTests
{
    [Theory]
    [InlineData(1, 3)]
    [InlineData(2, 30)]
    public async Task A_few_are_under_way_at_one_time_some_wait_and_more_are_turned_away(int atOneTime, int maximumWaiting)
    {
        Turns turns = new(atOneTime, maximumWaiting);
        using CancellationTokenSource leaves = new();
        Task<bool>[] asked = Ask(atOneTime + maximumWaiting, leaves.Token);
        asked.Count(task => task.IsCompleted).ShouldBe(atOneTime);
        await ShouldBeTurnedAwayAsync();
        turns.End();
        (await asked[atOneTime]).ShouldBeTrue();

        // Those who leave while they wait make room. All have to be gone: until then one of them may still be given the next turn.
        await leaves.CancelAsync();
        foreach (Task<bool> left in asked.Skip(atOneTime + 1))
        {
            await Should.ThrowAsync<OperationCanceledException>(left);
        }

        turns.End();
        Task<bool>[] later = Ask(1 + maximumWaiting, CancellationToken.None);
        later.Count(task => task.IsCompleted).ShouldBe(1);
        (await later[0]).ShouldBeTrue();
        await ShouldBeTurnedAwayAsync();

        Task<bool>[] Ask(int count, CancellationToken cancellation) =>
            [.. Enumerable.Range(0, count).Select(_ => turns.TryBeginAsync(cancellation).AsTask())];

        async Task ShouldBeTurnedAwayAsync()
        {
            Task<bool> tooMany = turns.TryBeginAsync(CancellationToken.None).AsTask();
            tooMany.IsCompleted.ShouldBeTrue();
            (await tooMany).ShouldBeFalse();
        }
    }

    [Fact]
    public async Task Where_nobody_may_wait_the_answer_comes_at_once()
    {
        Turns turns = new(atOneTime: 3, maximumWaiting: 0);
        bool[] begun = await AskAsync(4);
        begun.ShouldBe([true, true, true, false]);
        turns.End();
        turns.End();
        (await AskAsync(3)).ShouldBe([true, true, false]);

        async Task<bool[]> AskAsync(int count)
        {
            ValueTask<bool>[] asked = [.. Enumerable.Range(0, count).Select(_ => turns.TryBeginAsync(CancellationToken.None))];
            asked.ShouldAllBe(answer => answer.IsCompletedSuccessfully);
            return await Task.WhenAll(asked.Select(answer => answer.AsTask()));
        }
    }
}
