// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Rookery.Storage;

namespace Rookery.Server;

/// <summary><c>rookery pool</c>: the disks of a running recorder.</summary>
internal static class PoolCommands
{
    public static Command Create()
    {
        Command command = new("pool", "Shows and changes the disks of a running recorder. Each change shows what it leads to, and is made with --yes.");
        ClientOptions client = new(command);
        command.Add(Status(client));
        command.Add(Change(client, "add", "Takes a blank disk into the pool: a file that is made, or a raw device.", hasDisk: false, hasNew: true));
        command.Add(Change(client, "drain", "Empties a disk: what it holds moves to the others. 'pool use-again' takes it back.", hasDisk: true, hasNew: false));
        command.Add(Change(client, "use-again", "Uses a disk again that was drained, or had failed.", hasDisk: true, hasNew: false));
        command.Add(Change(client, "spare", "Keeps an empty disk until another one fails.", hasDisk: true, hasNew: false));
        command.Add(Change(client, "use-spare", "Makes a spare a disk like the others.", hasDisk: true, hasNew: false));
        command.Add(Change(client, "replace", "Takes a blank disk into the pool, and moves to it and the others what an old one held.", hasDisk: true, hasNew: true));
        command.Add(Change(client, "remove", "Takes an empty disk, or one that is gone, out of the pool for good.", hasDisk: true, hasNew: false));
        command.Add(Scrub(client));
        return command;
    }

    private static Command Status(ClientOptions client)
    {
        Option<bool> json = new("--json") { Description = "As the API tells it." };
        Command command = new("status", "Shows disks, protection, how long recordings last, and what is being rebuilt. Ends with 1 when there is a fault.") { json };
        return command.Running(client, async (api, parsed, cancellation) =>
        {
            JsonNode storage = (await api.SendAsync(HttpMethod.Get, "storage", null, cancellation))!;
            Console.WriteLine(parsed.GetValue(json) ? Indented(storage) : PoolText.Status(storage));
            return storage["fault"] is null ? ExitCode.Done : ExitCode.Failed;
        });
    }

    /// <param name="client">How the recorder is reached.</param>
    /// <param name="name">The verb, as the API has it too.</param>
    /// <param name="help">One line.</param>
    /// <param name="hasDisk">It is about a disk of the pool.</param>
    /// <param name="hasNew">A disk comes.</param>
    private static Command Change(ClientOptions client, string name, string help, bool hasDisk, bool hasNew)
    {
        Argument<int> disk = new("NUMBER") { Description = "The disk, by its number in 'pool status'." };
        Argument<string> place = new("PATH[:SIZE]") { Description = "Where the new disk is, or is made at this size, such as /mnt/d/video.disk:4T." };
        Option<bool> yes = new("--yes") { Description = "Make the change. Without it only its consequences are shown." };
        Option<bool> loss = new("--accept-loss") { Description = "Also when recordings are lost by it." };
        Option<bool> json = new("--json") { Description = "As the API tells it." };
        Command command = new(name, help) { yes, json };
        if (hasDisk)
        {
            command.Add(disk);
        }

        if (hasNew)
        {
            command.Add(place);
        }

        if (name == "remove")
        {
            command.Add(loss);
        }

        return command.Running(client, async (api, parsed, cancellation) =>
        {
            int? number = hasDisk ? parsed.GetRequiredValue(disk) : null;
            JsonObject? comes = hasNew ? NewDisk(parsed.GetRequiredValue(place)) : null;
            if (!parsed.GetValue(yes))
            {
                JsonObject question = new() { ["change"] = name switch { "use-again" => "useAgain", "use-spare" => "useSpare", _ => name }, ["disk"] = number, ["new"] = comes };
                JsonNode preview = (await api.SendAsync(HttpMethod.Post, "storage/preview", question, cancellation))!;
                Console.WriteLine(parsed.GetValue(json) ? Indented(preview) : PoolText.Preview(preview));
                return preview["refusal"] is null ? ExitCode.Done : ExitCode.Failed;
            }

            string path = number is null ? "storage/disks" : string.Create(CultureInfo.InvariantCulture, $"storage/disks/{number}/{name}{(parsed.GetValue(loss) ? "?acceptLoss=true" : "")}");
            JsonNode? done = await api.SendAsync(HttpMethod.Post, path, comes, cancellation);
            if (done is not null)
            {
                Console.WriteLine(parsed.GetValue(json) ? Indented(done) : $"The new disk has number {done["number"]}.");
            }

            return ExitCode.Done;
        });
    }

    private static Command Scrub(ClientOptions client)
    {
        Option<bool> stop = new("--stop") { Description = "Leave the rest to idle time again." };
        Command command = new("scrub", "Verifies all recordings now, as fast as recording allows; 'pool status' shows how far it is.") { stop };
        return command.Running(client, async (api, parsed, cancellation) =>
        {
            await api.SendAsync(parsed.GetValue(stop) ? HttpMethod.Delete : HttpMethod.Post, "storage/scrub", null, cancellation);
            return ExitCode.Done;
        });
    }

    private static JsonObject NewDisk(string text)
    {
        try
        {
            DiskSpec spec = DiskSpec.Parse(text);
            return new JsonObject { ["path"] = spec.Path, ["sizeBytes"] = spec.SizeBytes };
        }
        catch (FormatException wrong)
        {
            throw new UsageException(wrong.Message, wrong);
        }
    }

    private static string Indented(JsonNode node) => node.ToJsonString(new System.Text.Json.JsonSerializerOptions { WriteIndented = true });
}
