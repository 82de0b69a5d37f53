// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Microsoft.AspNetCore.Http.HttpResults;
using Rookery.Foundation;

namespace Rookery.Http;

/// <summary>Reads <c>from</c> and <c>to</c> of an address.</summary>
internal static class TimeRange
{
    /// <returns>What is wrong; <c>null</c> when <paramref name="range"/> is good.</returns>
    public static ProblemHttpResult? Read(string? from, string? to, TimeSpan longest, out WallRange range)
    {
        range = default;
        if (!ApiTime.TryParse(from, out WallTime start))
        {
            return Problems.Of(400, $"'from' is missing or no time. {ApiTime.Expected}");
        }

        if (!ApiTime.TryParse(to, out WallTime end))
        {
            return Problems.Of(400, $"'to' is missing or no time. {ApiTime.Expected}");
        }

        if (end <= start)
        {
            return Problems.Of(400, "'to' must be later than 'from'.");
        }

        range = new WallRange(start, end);
        return range.Duration <= longest ? null : Problems.Of(400, $"The range is longer than {Words(longest)}, the longest here. Ask for parts of it.");
    }

    private static string Words(TimeSpan span) => span.TotalHours <= 48 ? $"{span.TotalHours:0} hours" : $"{span.TotalDays:0} days";
}
