// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Globalization;

namespace Rookery.Farm.Control;

/// <summary>
/// One order of the control channel, read from a request line such as <c>POST /cameras/7/stall?seconds=10 HTTP/1.1</c>. Headers and bodies mean nothing.
/// </summary>
/// <param name="Method">GET or POST.</param>
/// <param name="Camera">1 and up; <c>null</c> for all.</param>
/// <param name="Verb">What to do; empty to look.</param>
/// <param name="Value">The one number or text of the query; <c>null</c> when there is none.</param>
internal sealed record ControlRequest(string Method, int? Camera, string Verb, string? Value)
{
    /// <summary>Reads a request line; <c>null</c> when it is none of ours.</summary>
    public static ControlRequest? Parse(string line)
    {
        string[] words = line.Split(' ');
        if (words.Length < 2 || words[0] is not ("GET" or "POST"))
        {
            return null;
        }

        int query = words[1].IndexOf('?');
        string? value = query < 0 ? null : words[1][(query + 1)..].Split('&')[0].Split('=') is [_, string text] ? Uri.UnescapeDataString(text) : null;
        string[] path = (query < 0 ? words[1] : words[1][..query]).Split('/', StringSplitOptions.RemoveEmptyEntries);
        return path switch
        {
            ["cameras"] => new(words[0], null, "", value),
            ["cameras", "all", string verb] => new(words[0], null, verb, value),
            ["cameras", string number] when TryNumber(number, out int camera) => new(words[0], camera, "", value),
            ["cameras", string number, string verb] when TryNumber(number, out int camera) => new(words[0], camera, verb, value),
            _ => null,
        };
    }

    /// <summary>The value as a span of seconds; <c>null</c> when there is none.</summary>
    public bool TrySeconds(out TimeSpan? seconds)
    {
        seconds = null;
        if (Value is null)
        {
            return true;
        }

        if (!TryDecimal(out double number) || Math.Abs(number) > 1e9)
        {
            return false;
        }

        seconds = TimeSpan.FromSeconds(number);
        return true;
    }

    public bool TryDecimal(out double number) => double.TryParse(Value, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);

    private static bool TryNumber(string text, out int number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
