// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Rookery.Foundation;

namespace Rookery.Server;

/// <summary>What the API says of the pool, for people with a terminal of 80 columns. Pure.</summary>
internal static class PoolText
{
    private const int Width = 80;

    public static string Status(JsonNode s)
    {
        var text = new StringBuilder();
        if (s["fault"]?.GetValue<string>() is { } fault)
        {
            Wrap(text, "FAULT: " + fault);
        }

        foreach (JsonNode? warning in s["warnings"]!.AsArray())
        {
            Wrap(text, "Warning: " + warning!.GetValue<string>());
        }

        Line(text, $"Layout      {s["layout"]}: {Protection(Number(s["bears"]))}");
        Line(text, $"Recordings  {Size(s["footageBytes"])} of {Size(s["footageRoomBytes"])}; {Forecast(s["forecast"]!)}");
        if (Work(s) is { } work)
        {
            Wrap(text, work);
        }

        Line(text, $"");
        Line(text, $"Disk State       Size    Free  Temp  Writes p50/p99  Errors Path");
        foreach (JsonNode? disk in s["disks"]!.AsArray())
        {
            Disk(text, disk!);
        }

        Line(text, $"");
        Line(text, $"Class            Layout   Takes/day  Reached  Expected  Promised");
        foreach (JsonNode? c in s["classes"]!.AsArray())
        {
            Line(text,
                $"{Cut(ClassName(c!), 16),-16} {c!["layoutNow"],-7} {(c["roomBytesPerSecond"] is { } rate ? Size(rate.GetValue<double>() * 86_400) : "unknown"),10} {Days(c["reachedDays"]),8} {Days(c["expectedDays"]),9} {Days(c["minimumDays"]),9}");
        }

        return text.ToString().TrimEnd();
    }

    public static string Preview(JsonNode p)
    {
        var text = new StringBuilder();
        if (p["refusal"]?.GetValue<string>() is { } refusal)
        {
            Wrap(text, "Refused: " + refusal);
            return text.ToString().TrimEnd();
        }

        if (p["place"] is { } place)
        {
            string what = place["kind"]!.GetValue<string>() switch { "newFile" => "a new file", "file" => "a file", _ => "a device" };
            Wrap(text, $"New disk: {place["path"]}, {what} of {Size(place["bytes"])}{(place["fileSystem"] is { } mount ? $" on the file system {mount}" : "")}.");
            if (place["sharesWith"]!.AsArray() is { Count: > 0 } shares)
            {
                Wrap(text, $"CAREFUL: it lies on the same device as {string.Join(", ", shares.Select(name => name!.GetValue<string>()))}. When that fails, they fail together: no layout protects from it.");
            }
        }

        Line(text, $"Room for recordings  {Size(p["footageRoomBefore"])} now, {Size(p["footageRoomAfter"])} then");
        if (Number(p["bytesToMove"]) > 0)
        {
            Line(text, $"To be moved          {Size(p["bytesToMove"])}, at least {Duration(p["moveSeconds"])}; recording goes first");
        }

        if (Number(p["withoutRoomBytes"]) > 0)
        {
            Wrap(text, $"CAREFUL: {Size(p["withoutRoomBytes"])} of it find no room on the other disks now and stay where they are until retention deletes them. Add a disk first, or replace this one.");
        }

        if (Number(p["lostBytes"]) > 0)
        {
            Wrap(text, $"LOSS: {Size(p["lostBytes"])} of recordings can be read from this disk only and are lost for good.");
        }

        foreach (JsonNode? c in p["classes"]!.AsArray())
        {
            string layout = $"{c!["layoutBefore"]}" == $"{c["layoutAfter"]}" ? $"stays {c["layoutAfter"]}" : $"new recordings {c["layoutBefore"]} -> {c["layoutAfter"]}";
            Line(text, $"{ClassName(c)}: {layout}");
            Line(text, $"  may fail without loss   now {Bears(c["bearsNow"])}, meanwhile {Bears(c["bearsDuring"])}, then {Bears(c["bearsAfter"])}");
            Line(text, $"  kept                    now {Days(c["daysBefore"])}, then {Days(c["daysAfter"])}");
        }

        Line(text, $"Nothing was changed. The same with --yes makes the change.");
        return text.ToString().TrimEnd();
    }

    private static void Disk(StringBuilder text, JsonNode d)
    {
        JsonNode? temperature = d["health"]?["temperatureCelsius"];
        string times = Number(d["medianCommitMs"]) is 0 or null ? "-" : string.Create(CultureInfo.InvariantCulture, $"{d["medianCommitMs"]!.GetValue<double>():0}/{d["p99CommitMs"]!.GetValue<double>():0} ms");
        Line(text,
            $"{d["number"],4} {State(d),-9} {Short(d["capacityBytes"]),6} {Short(d["freeBytes"]),7} {(temperature is null ? "-" : $"{temperature.GetValue<double>():0} C"),5}  {times,14}  {d["errors"],6} {d["name"]}");
        if (d["health"]?["warnings"]?.AsArray() is { Count: > 0 } warnings)
        {
            foreach (JsonNode? warning in warnings)
            {
                Wrap(text, "     " + warning!.GetValue<string>());
            }
        }
    }

    /// <summary>The one word that matters most about a disk.</summary>
    private static string State(JsonNode d)
    {
        bool Is(string flag) => d[flag]?.GetValue<bool>() == true;
        string state = d["state"]!.GetValue<string>();
        string activity = d["activity"]?.GetValue<string>() ?? "active";
        return state != "online" ? state : Is("doesNotAnswer") ? "hangs" : Is("slow") ? "slow" : Is("spare") ? "spare" : activity == "active" ? state : activity;
    }

    private static string Protection(double? bears) => bears switch
    {
        null => "nothing is recorded yet",
        0 => "NO disk may fail now without loss",
        1 => "any 1 disk may fail without loss",
        _ => string.Create(CultureInfo.InvariantCulture, $"any {bears} disks may fail without loss"),
    };

    private static string Forecast(JsonNode f) => f["state"]!.GetValue<string>() switch
    {
        "filling" => $"full in {Days(f["fullInDays"])}",
        "balanced" => "never full: as much goes as comes",
        "full" => "full: the oldest make room",
        _ => "too little recorded for a forecast",
    };

    private static string? Work(JsonNode s)
    {
        var parts = new List<string>();
        JsonNode rebuild = s["rebuild"]!;
        if (Number(rebuild["bytesLeft"]) > 0)
        {
            parts.Add($"Rebuild     {Size(rebuild["bytesLeft"])} left{(rebuild["secondsLeft"] is { } left ? $", about {Duration(left)}" : "")}{(Number(rebuild["withoutTarget"]) > 0 ? $"; {rebuild["withoutTarget"]} pieces wait for room" : "")}.");
        }

        JsonNode scrub = s["scrub"]!;
        if (scrub["fast"]!.GetValue<bool>())
        {
            parts.Add($"Verifying   {scrub["chunksDone"]} of {scrub["chunks"]} pieces{(scrub["secondsLeft"] is { } left ? $", about {Duration(left)} left" : "")}.");
        }

        if (Number(s["degradedChunks"]) > 0)
        {
            parts.Add($"{s["degradedChunks"]} pieces of recordings lack a column, {s["unreadableChunks"]} of them cannot be read now.");
        }

        if (Number(scrub["damagedColumns"]) > 0)
        {
            parts.Add($"{scrub["damagedColumns"]} damaged columns were found since the start.");
        }

        return parts.Count == 0 ? null : string.Join(" ", parts);
    }

    private static string ClassName(JsonNode c) => Number(c["id"]) switch
    {
        0 => "as there is room",
        255 => "held copies",
        _ when c["name"]!.GetValue<string>() is { Length: > 0 } name => name,
        _ => c["maximumDays"] is { } days ? $"{Days(days)}" : $"class {c["id"]}",
    };

    private static string Bears(JsonNode? bears) => bears is null ? "-" : $"{bears}";

    private static string Days(JsonNode? days) => days is null ? "-" : string.Create(CultureInfo.InvariantCulture, $"{days.GetValue<double>():0.#} d");

    private static string Duration(JsonNode? seconds) => seconds is null ? "-" : Duration(TimeSpan.FromSeconds(seconds.GetValue<double>()));

    internal static string Duration(TimeSpan time) => time switch
    {
        { TotalHours: >= 48 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalDays:0.#} days"),
        { TotalMinutes: >= 90 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalHours:0.#} hours"),
        { TotalSeconds: >= 90 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:0} minutes"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(1, time.TotalSeconds):0} s"),
    };

    private static double? Number(JsonNode? node) => node?.GetValue<double>();

    private static string Size(JsonNode? bytes) => Size(bytes?.GetValue<double>() ?? 0);

    private static string Size(double bytes) => new ByteSize((long)bytes).ToString();

    /// <summary>In four to six places: <c>7.3T</c>.</summary>
    private static string Short(JsonNode? bytes) => Size(bytes).Replace("iB", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal).Replace("bytes", "", StringComparison.Ordinal);

    private static string Cut(string text, int length) => text.Length <= length ? text : text[..(length - 1)] + "…";

    private static void Line(StringBuilder text, FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture).TrimEnd()).Append('\n');

    private static void Wrap(StringBuilder text, string words)
    {
        int at = 0;
        foreach (string word in words.Split(' '))
        {
            if (at > 0 && at + 1 + word.Length > Width)
            {
                text.Append("\n  ");
                at = 2;
            }
            else if (at > 0)
            {
                text.Append(' ');
                at++;
            }

            text.Append(word);
            at += word.Length;
        }

        text.Append('\n');
    }
}
