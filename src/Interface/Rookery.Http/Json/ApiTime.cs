// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Globalization;
using Rookery.Foundation;

namespace Rookery.Http;

/// <summary>Reads times as the API takes them: RFC 3339 with a zone, years 1970 to 9998.</summary>
public static class ApiTime
{
    public const string Expected = "A time is written like 2026-11-22T10:00:00Z (RFC 3339, with a zone; fractions of a second may follow the seconds).";

    private static readonly string[] Forms = ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    public static bool TryParse(string? text, out WallTime time)
    {
        time = default;
        if (text is null or { Length: > 40 } || !HasZone(text)
            || !DateTimeOffset.TryParseExact(text, Forms, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTimeOffset parsed)
            || parsed.UtcDateTime.Year is < 1970 or > 9998)
        {
            return false;
        }

        time = WallTime.From(parsed);
        return true;
    }

    // "K" would also take a time without a zone, and read it in ours.
    private static bool HasZone(string text) => text.EndsWith('Z') || (text.Length > 6 && text[^6] is '+' or '-');
}
