// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.CommandLine;
using System.Text.Json.Nodes;

namespace Rookery.Server;

/// <summary><c>rookery hold</c>: footage that must not go.</summary>
internal static class HoldCommands
{
    public static Command Create()
    {
        Command command = new("hold", "Keeps footage that must not go: evidence.");
        ClientOptions client = new(command);
        command.Add(List(client));
        command.Add(Add(client));
        command.Add(Release(client));
        return command;
    }

    private static Command List(ClientOptions client)
    {
        Option<bool> json = new("--json") { Description = "As the API tells it." };
        Command command = new("list", "Lists holds, and says how much room they keep.") { json };
        return command.Running(client, async (api, parsed, cancellation) =>
        {
            JsonNode answer = (await api.SendAsync(HttpMethod.Get, "holds", null, cancellation))!;
            if (parsed.GetValue(json))
            {
                Console.WriteLine(answer.ToJsonString(new System.Text.Json.JsonSerializerOptions { WriteIndented = true }));
                return ExitCode.Done;
            }

            foreach (JsonNode? hold in answer["items"]!.AsArray())
            {
                string cameras = string.Join(",", hold!["cameras"]!.AsArray().Select(camera => camera!.GetValue<string>()));
                string state = hold["active"]!.GetValue<bool>() ? hold["until"] is { } until ? $"until {until}" : "until released" : "ended";
                Console.WriteLine($"{hold["id"]}  {hold["case"]}  cameras {cameras}  {hold["from"]} to {hold["to"]}  {state}  by {hold["by"]}  {hold["note"]}");
            }

            if (answer["warning"] is { } warning)
            {
                await Console.Error.WriteLineAsync(warning.GetValue<string>());
            }

            return ExitCode.Done;
        });
    }

    private static Command Add(ClientOptions client)
    {
        Argument<string> name = new("CASE") { Description = "The case it belongs to." };
        Option<string[]> cameras = new("--camera") { HelpName = "ID", Description = "A camera, by its number; may be given several times.", Required = true };
        Option<string> from = new("--from") { HelpName = "TIME", Description = "Start of what is held, like 2026-11-22T10:00:00Z.", Required = true };
        Option<string> to = new("--to") { HelpName = "TIME", Description = "Its end; may lie in the future.", Required = true };
        Option<string?> until = new("--until") { HelpName = "TIME", Description = "When the hold ends by itself. Default: when it is released." };
        Option<string?> note = new("--note") { HelpName = "TEXT", Description = "Why." };
        Command command = new("add", "Makes a hold and prints its id. When this returns, nothing it covers goes any more.") { name, cameras, from, to, until, note };
        return command.Running(client, async (api, parsed, cancellation) =>
        {
            JsonObject input = new()
            {
                ["case"] = parsed.GetRequiredValue(name),
                ["cameras"] = new JsonArray([.. parsed.GetRequiredValue(cameras).Select(id => (JsonNode)id)]),
                ["from"] = parsed.GetRequiredValue(from),
                ["to"] = parsed.GetRequiredValue(to),
                ["until"] = parsed.GetValue(until),
                ["note"] = parsed.GetValue(note) ?? "",
            };
            JsonNode made = (await api.SendAsync(HttpMethod.Post, "holds", input, cancellation))!;
            Console.WriteLine(made["id"]!.GetValue<string>());
            return ExitCode.Done;
        });
    }

    private static Command Release(ClientOptions client)
    {
        Argument<string> id = new("ID") { Description = "As 'hold list' shows it." };
        Command command = new("release", "Releases a hold: what only it kept goes by normal retention.") { id };
        return command.Running(client, async (api, parsed, cancellation) =>
        {
            await api.SendAsync(HttpMethod.Delete, $"holds/{Uri.EscapeDataString(parsed.GetRequiredValue(id))}", null, cancellation);
            return ExitCode.Done;
        });
    }
}
