// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.EndToEnd;

/// <summary>Waits for facts. The limit is a safety net, not a measurement: nothing fails because it was slow within it.</summary>
internal static class Wait
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(50);

    /// <summary>Asks until the answer is not <c>null</c>, and returns it.</summary>
    /// <exception cref="TimeoutException">The fact did not come; names it, and what was seen last.</exception>
    public static async Task<T> ForAsync<T>(string fact, Func<Task<T?>> ask, Func<string>? lastSeen = null)
        where T : class
    {
        using CancellationTokenSource limit = new(Limit);
        using PeriodicTimer timer = new(Period);
        do
        {
            if (await ask() is { } answer)
            {
                return answer;
            }
        }
        while (!limit.IsCancellationRequested && await timer.WaitForNextTickAsync(CancellationToken.None));

        throw new TimeoutException($"Did not come within {Limit.TotalSeconds:0} s: {fact}. {lastSeen?.Invoke()}");
    }

    /// <summary>Asks until the answer is <c>true</c>.</summary>
    public static Task UntilAsync(string fact, Func<Task<bool>> ask, Func<string>? lastSeen = null) =>
        ForAsync<object>(fact, async () => await ask() ? fact : null, lastSeen);
}
