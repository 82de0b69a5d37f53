// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Rookery.Server;

/// <summary><c>rookery camera</c>: cameras of a running recorder.</summary>
internal static class CameraCommands
{
    public static Command Create()
    {
        Command command = new("camera", "Adds, lists, tests and removes cameras of a running recorder.");
        ClientOptions client = new(command);
        command.Add(Add(client));
        command.Add(List(client));
        command.Add(Remove(client));
        command.Add(Test(client));
        return command;
    }

    private static Command Add(ClientOptions client)
    {
        Argument<string> name = new("NAME") { Description = "What people call it." };
        Argument<string> url = new("URL") { Description = "rtsp://host:554/path" };
        CameraCredentials credentials = new();
        Option<int?> days = new("--retention-days") { HelpName = "DAYS", Description = "Days after which its recordings may go. Default: when space is needed." };
        Option<bool> off = new("--off") { Description = "Show it live, but do not record it." };
        Command command = new("add", "Adds a camera; recording begins at once.") { name, url, days, off };
        credentials.AddTo(command);
        return command.Running(client, async (api, parsed, cancellation) =>
        {
            JsonObject input = credentials.Read(parsed, parsed.GetRequiredValue(url));
            input["name"] = parsed.GetRequiredValue(name);
            input["recording"] = parsed.GetValue(off) ? "off" : "continuous";
            input["retentionDays"] = parsed.GetValue(days);
            JsonNode added = (await api.SendAsync(HttpMethod.Post, "cameras", input, cancellation))!;
            Console.WriteLine(added["id"]!.GetValue<string>());
            return ExitCode.Done;
        });
    }

    private static Command List(ClientOptions client)
    {
        Option<bool> json = new("--json") { Description = "As the API tells it." };
        Option<bool> removed = new("--removed") { Description = "Removed cameras, too." };
        Command command = new("list", "Lists cameras and what they do.") { json, removed };
        return command.Running(client, async (api, parsed, cancellation) =>
        {
            JsonNode answer = (await api.SendAsync(HttpMethod.Get, parsed.GetValue(removed) ? "cameras?removed=true" : "cameras", null, cancellation))!;
            if (parsed.GetValue(json))
            {
                Console.WriteLine(answer.ToJsonString(new System.Text.Json.JsonSerializerOptions { WriteIndented = true }));
                return ExitCode.Done;
            }

            foreach (JsonNode? camera in answer["items"]!.AsArray())
            {
                JsonNode state = camera!["state"]!;
                string recording = state["recording"]!.GetValue<bool>() ? "recording" : "-";
                double megabits = state["bitrate"]!.GetValue<double>() / 1_000_000;
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"{camera["id"],5}  {state["phase"],-10}  {recording,-9}  {megabits,6:0.0} Mbit/s  {camera["name"]}  {camera["url"]}"));
            }

            return ExitCode.Done;
        });
    }

    private static Command Remove(ClientOptions client)
    {
        Argument<string> id = new("ID") { Description = "Its number, as 'camera list' shows it." };
        Command command = new("remove", "Takes a camera out of service; its recordings stay until retention.") { id };
        return command.Running(client, async (api, parsed, cancellation) =>
        {
            await api.SendAsync(HttpMethod.Delete, $"cameras/{Uri.EscapeDataString(parsed.GetRequiredValue(id))}", null, cancellation);
            return ExitCode.Done;
        });
    }

    private static Command Test(ClientOptions client)
    {
        Argument<string> url = new("URL") { Description = "rtsp://host:554/path" };
        CameraCredentials credentials = new();
        Command command = new("test", "Tries a camera step by step, and says what is wrong. Ends with 1 when it does not work.") { url };
        credentials.AddTo(command);
        return command.Running(client, async (api, parsed, cancellation) =>
        {
            JsonNode found = (await api.SendAsync(HttpMethod.Post, "cameras/test", credentials.Read(parsed, parsed.GetRequiredValue(url)), cancellation))!;
            bool isGood = found["ok"]!.GetValue<bool>();
            Console.WriteLine($"{(isGood ? "works" : $"fails at '{found["step"]}'")}: {found["message"]}");
            if (found["advice"]?.GetValue<string>() is { Length: > 0 } advice)
            {
                Console.WriteLine(advice);
            }

            foreach (JsonNode? track in found["tracks"]!.AsArray())
            {
                Console.WriteLine($"  {track!.ToJsonString()}");
            }

            return isGood ? ExitCode.Done : ExitCode.Failed;
        });
    }
}
