// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Text.Json;

namespace Rookery.Server;

/// <summary>
/// Puts the settings together: defaults, then the settings file, then variables, then flags; the later wins, a list as a whole.
/// A name that is not known is an error with a suggestion, in all three. Pure: files and environment come as arguments.
/// </summary>
internal static class SettingsReader
{
    public const string FileVariable = "ROOKERY_CONFIG";

    private const string Prefix = "ROOKERY_";

    /// <summary>Variables with our prefix that are no settings of the recorder: of the commands that talk to it, and of the project's scripts.</summary>
    private static readonly string[] OtherVariables = [FileVariable, "ROOKERY_SERVER", "ROOKERY_USER", "ROOKERY_PASSWORD", "ROOKERY_TOKEN_FILE", "ROOKERY_CONFIGURATION"];

    private static readonly string[] OtherPrefixes = ["ROOKERY_TEST_", "ROOKERY_BENCH_", "ROOKERY_E2E_"];

    /// <param name="json">Text of the settings file; <c>null</c> for none.</param>
    /// <param name="environment">All variables of the process.</param>
    /// <param name="flags">Values by setting's name, those that were given.</param>
    /// <exception cref="UsageException">Something is unknown or cannot be read; the message says what, where and what to write instead.</exception>
    public static ServerSettings Read(string? json, IReadOnlyDictionary<string, string> environment, IReadOnlyDictionary<string, string[]> flags)
    {
        ServerSettings settings = new();
        settings = Take(settings, json is null ? [] : FromFile(json), setting => $"'{setting.Member}' in the settings file");
        settings = Take(settings, FromEnvironment(environment), setting => setting.Variable);
        return Take(settings, flags, setting => setting.Flag);
    }

    private static ServerSettings Take(ServerSettings settings, IReadOnlyDictionary<string, string[]> values, Func<Setting, string> nameOf)
    {
        foreach (Setting setting in KnownSettings.All)
        {
            if (!values.TryGetValue(setting.Name, out string[]? texts))
            {
                continue;
            }

            if (setting.IsList)
            {
                settings = settings with { Disks = [] };
            }

            foreach (string text in texts)
            {
                try
                {
                    settings = setting.Apply(settings, text);
                }
                catch (FormatException wrong)
                {
                    throw new UsageException($"{nameOf(setting)}: '{text}' cannot be taken: {wrong.Message}", wrong);
                }
            }
        }

        return settings;
    }

    private static Dictionary<string, string[]> FromFile(string json)
    {
        Dictionary<string, string[]> values = new(StringComparer.Ordinal);
        try
        {
            using JsonDocument document = JsonDocument.Parse(json, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw new UsageException("The settings file must hold one JSON object.");
            }

            foreach (JsonProperty member in document.RootElement.EnumerateObject())
            {
                Setting setting = KnownSettings.All.FirstOrDefault(known => known.Member == member.Name)
                    ?? throw new UsageException($"The settings file has '{member.Name}', which is no setting.{Suggestion.For(member.Name, KnownSettings.All.Select(known => known.Member))}");
                values[setting.Name] = Texts(setting, member.Value);
            }
        }
        catch (JsonException wrong)
        {
            throw new UsageException($"The settings file is no JSON: {wrong.Message}", wrong);
        }

        return values;
    }

    private static string[] Texts(Setting setting, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => [value.GetString()!],
        JsonValueKind.Number => [value.GetRawText()],
        JsonValueKind.Array when setting.IsList => [.. value.EnumerateArray().SelectMany(item => Texts(setting with { IsList = false }, item))],
        _ => throw new UsageException($"'{setting.Member}' in the settings file must be {(setting.IsList ? "a text or a list of texts" : "a text")}."),
    };

    private static Dictionary<string, string[]> FromEnvironment(IReadOnlyDictionary<string, string> environment)
    {
        Dictionary<string, string[]> values = new(StringComparer.Ordinal);
        foreach ((string name, string text) in environment)
        {
            if (!name.StartsWith(Prefix, StringComparison.Ordinal) || OtherVariables.Contains(name) || OtherPrefixes.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal)))
            {
                continue;
            }

            Setting setting = KnownSettings.All.FirstOrDefault(known => known.Variable == name)
                ?? throw new UsageException($"The variable {name} is no setting.{Suggestion.For(name, KnownSettings.All.Select(known => known.Variable))}");
            values[setting.Name] = setting.IsList ? text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) : [text];
        }

        return values;
    }
}
