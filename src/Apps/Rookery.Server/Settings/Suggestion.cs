// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Server;

/// <summary>Finds what somebody may have meant.</summary>
internal static class Suggestion
{
    /// <summary>" Did you mean …?" with the nearest of <paramref name="known"/>, or all of them when none is near.</summary>
    public static string For(string name, IEnumerable<string> known)
    {
        string[] names = [.. known];
        string nearest = names.MinBy(candidate => Distance(name, candidate))!;
        return Distance(name, nearest) <= Math.Max(2, name.Length / 3) ? $" Did you mean '{nearest}'?" : $" There are: {string.Join(", ", names)}.";
    }

    /// <summary>Insertions, deletions, replacements and swaps of neighbours that turn one into the other, upper and lower case being the same.</summary>
    internal static int Distance(string a, string b)
    {
        int[,] cost = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
        {
            for (int j = 0; j <= b.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    cost[i, j] = i + j;
                    continue;
                }

                int replace = Same(a[i - 1], b[j - 1]) ? 0 : 1;
                cost[i, j] = Math.Min(cost[i - 1, j - 1] + replace, Math.Min(cost[i - 1, j], cost[i, j - 1]) + 1);
                if (i > 1 && j > 1 && Same(a[i - 1], b[j - 2]) && Same(a[i - 2], b[j - 1]))
                {
                    cost[i, j] = Math.Min(cost[i, j], cost[i - 2, j - 2] + 1);
                }
            }
        }

        return cost[a.Length, b.Length];
    }

    private static bool Same(char a, char b) => char.ToUpperInvariant(a) == char.ToUpperInvariant(b);
}
