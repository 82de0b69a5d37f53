// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Globalization;

namespace Rookery.Simulation;

/// <summary>Pairs of a name and a number.</summary>
internal sealed class CommandOptions(string[] words)
{
    public int Get(string name, int otherwise) => Find(name) ?? otherwise;

    /// <summary><c>null</c> when it is not given.</summary>
    public int? Find(string name) => Array.IndexOf(words, name) is >= 0 and var at ? int.Parse(words[at + 1], CultureInfo.InvariantCulture) : null;

    /// <summary>Of <c>--kind</c>; all when it is not given.</summary>
    public IReadOnlyList<SimulationKind> Kinds =>
        Array.IndexOf(words, "--kind") is >= 0 and var at ? [Enum.Parse<SimulationKind>(words[at + 1], ignoreCase: true)] : Enum.GetValues<SimulationKind>();
}
