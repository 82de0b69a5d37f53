// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Globalization;

namespace Rookery.Simulation;

/// <summary>Pairs of a name and a number.</summary>
internal sealed class CommandOptions(string[] words)
{
    public int Get(string name, int otherwise)
    {
        int at = Array.IndexOf(words, name);
        return at < 0 ? otherwise : int.Parse(words[at + 1], CultureInfo.InvariantCulture);
    }
}
