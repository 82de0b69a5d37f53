// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Collections;
using System.CommandLine;

namespace Rookery.Server;

/// <summary>The settings as flags of a command.</summary>
internal sealed class SettingOptions
{
    private readonly Option<string?> _config = new("--config") { HelpName = "FILE", Description = "Settings file (JSON). Variables and flags win over it." };
    private readonly List<(Setting Setting, Option<string[]> Option)> _options = [];

    /// <param name="command">Gets the flags.</param>
    /// <param name="names">Which settings; none for all.</param>
    public SettingOptions(Command command, params ReadOnlySpan<string> names)
    {
        command.Add(_config);
        foreach (Setting setting in KnownSettings.All)
        {
            if (names.Length == 0 || names.Contains(setting.Name))
            {
                Option<string[]> option = new(setting.Flag) { HelpName = setting.Value, Description = setting.Help, AllowMultipleArgumentsPerToken = false };
                _options.Add((setting, option));
                command.Add(option);
            }
        }
    }

    /// <exception cref="UsageException">A setting is unknown or cannot be taken.</exception>
    public ServerSettings Read(ParseResult parsed)
    {
        Dictionary<string, string> environment = new(StringComparer.Ordinal);
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            environment[(string)variable.Key] = (string?)variable.Value ?? "";
        }

        Dictionary<string, string[]> flags = new(StringComparer.Ordinal);
        foreach ((Setting setting, Option<string[]> option) in _options)
        {
            if (parsed.GetValue(option) is not { Length: > 0 } values)
            {
                continue;
            }

            flags[setting.Name] = setting.IsList || values.Length == 1 ? values : throw new UsageException($"{setting.Flag} was given {values.Length} times.");
        }

        string? file = parsed.GetValue(_config) ?? environment.GetValueOrDefault(SettingsReader.FileVariable);
        return SettingsReader.Read(file is null ? null : Files.Read(file, "settings file"), environment, flags);
    }
}
