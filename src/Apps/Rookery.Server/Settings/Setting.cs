// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Server;

/// <summary>One setting: a flag <c>--some-name</c>, a variable <c>ROOKERY_SOME_NAME</c> and a member <c>someName</c> of the settings file.</summary>
/// <param name="Name">In the form of the flag, without the dashes.</param>
/// <param name="Value">What stands for the value in the help.</param>
/// <param name="Help">One line.</param>
/// <param name="Apply">Takes the text of a value. Throws <see cref="FormatException"/> with a reason.</param>
internal sealed record Setting(string Name, string Value, string Help, Func<ServerSettings, string, ServerSettings> Apply)
{
    /// <summary>May be given more than once.</summary>
    public bool IsList { get; init; }

    public string Flag => "--" + Name;

    public string Variable => "ROOKERY_" + Name.Replace('-', '_').ToUpperInvariant();

    public string Member
    {
        get
        {
            string[] words = Name.Split('-');
            return words[0] + string.Concat(words.Skip(1).Select(word => char.ToUpperInvariant(word[0]) + word[1..]));
        }
    }
}
