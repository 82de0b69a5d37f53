// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Rtsp;

/// <summary>A scheme with its parameters, as in WWW-Authenticate and Authorization (RFC 7235 §2.1).</summary>
internal sealed record AuthParameters(string Scheme, IReadOnlyDictionary<string, string> Values, string Token)
{
    public string? this[string name] => Values.GetValueOrDefault(name);

    public bool Is(string scheme) => Scheme.Equals(scheme, StringComparison.OrdinalIgnoreCase);

    /// <summary>Parses a header's value, which may hold several challenges parted by commas. What makes no sense is left out.</summary>
    public static List<AuthParameters> ParseAll(string header)
    {
        List<AuthParameters> all = [];
        foreach (string item in SplitOutsideQuotes(header))
        {
            int equals = item.IndexOf('=');
            string before = (equals < 0 ? item : item[..equals]).TrimEnd();
            int blank = before.IndexOf(' ');
            if (blank > 0 || equals < 0)
            {
                // "Digest realm=…" or "Basic" or "Basic dXNlcg==": a new scheme begins.
                int end = blank > 0 ? blank : before.Length;
                string rest = item[end..].Trim();
                all.Add(new(before[..end], new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase), rest));
                AddParameter(all[^1], rest);
            }
            else if (all.Count > 0)
            {
                AddParameter(all[^1], item);
            }
        }

        return all;
    }

    private static void AddParameter(AuthParameters target, string item)
    {
        int equals = item.IndexOf('=');
        if (equals > 0)
        {
            ((Dictionary<string, string>)target.Values).TryAdd(item[..equals].Trim(), Unquote(item[(equals + 1)..].Trim()));
        }
    }

    private static string Unquote(string value) =>
        value is ['"', .. var inner, '"'] ? inner.Replace("\\\"", "\"").Replace("\\\\", "\\") : value.Trim('"');

    private static IEnumerable<string> SplitOutsideQuotes(string text)
    {
        int start = 0;
        bool quoted = false;
        for (int i = 0; i <= text.Length; i++)
        {
            if (i < text.Length && text[i] == '"' && (i == 0 || text[i - 1] != '\\'))
            {
                quoted = !quoted;
            }

            if (i == text.Length || (text[i] == ',' && !quoted))
            {
                string item = text[start..i].Trim();
                start = i + 1;
                if (item.Length > 0)
                {
                    yield return item;
                }
            }
        }
    }
}
