// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.CommandLine;
using Rookery.Recording;
using Rookery.Storage;

namespace Rookery.Server;

/// <summary><c>rookery store</c>: looks after the video store of a recorder that is stopped.</summary>
internal static class StoreCommands
{
    public static Command Create() => new("store", "Checks, shows and repairs the video store of a stopped recorder.")
    {
        Check(),
        Inspect(),
        RebuildCatalog(),
        Forget(),
    };

    private static Command Check()
    {
        Command command = new("check", "Reads all footage and verifies every checksum. Ends with 1 when something is wrong. Changes nothing.");
        return command.OnDisk(DeviceAccess.ReadOnly, (device, _, _, cancellation) =>
        {
            CheckResult found = StoreTool.Check(device, Console.Out, new ConsoleProgress(), cancellation);
            return Task.FromResult(found.Problems == 0 ? ExitCode.Done : ExitCode.Failed);
        });
    }

    private static Command Inspect()
    {
        Option<ulong?> chunk = new("--chunk") { HelpName = "NUMBER", Description = "Show the frames and records of this chunk." };
        Command command = new("inspect", "Shows the superblock and the chunks. Changes nothing.") { chunk };
        return command.OnDisk(DeviceAccess.ReadOnly, (device, _, parsed, cancellation) =>
        {
            if (parsed.GetValue(chunk) is { } number)
            {
                StoreTool.InspectChunk(device, number, Console.Out, cancellation);
            }
            else
            {
                StoreTool.Inspect(device, Console.Out, cancellation);
            }

            return Task.FromResult(ExitCode.Done);
        });
    }

    private static Command RebuildCatalog()
    {
        Command command = new("rebuild-catalog", "Makes the catalog anew from the disks of the pool. Footage is only read.");
        SettingOptions options = new(command, "data", "disk");
        command.SetAction((parsed, cancellation) => Failures.CatchAsync(async () =>
        {
            ServerSettings settings = options.Read(parsed);
            List<FileBlockDevice> devices = [];
            foreach (DiskSpec spec in Disks.All(settings))
            {
                devices.Add(FileBlockDevice.Open(spec, DeviceAccess.Exclusive));
            }

            await StoreTool.RebuildCatalogAsync(devices, Disks.CatalogPath(settings), Console.Out, TimeProvider.System, new ConsoleProgress(), cancellation);
            return ExitCode.Done;
        }));
        return command;
    }

    private static Command Forget()
    {
        Argument<string> path = new("PATH") { Description = "The disk's path." };
        Command command = new("forget", "A disk that is gone for good is not expected any more: at the next start an empty one may be made in its place.") { path };
        SettingOptions options = new(command, "data");
        command.SetAction((parsed, _) => Failures.CatchAsync(async () =>
        {
            await Task.CompletedTask;
            using DataDirectory data = DataDirectory.Open(options.Read(parsed).Data);
            using SettingsStore settings = SettingsStore.Open(data);
            string disk = Path.GetFullPath(parsed.GetRequiredValue(path));
            return new DiskList(settings).Forget(disk) ? ExitCode.Done : throw new UsageException($"{disk} was never a disk of this recorder.");
        }));
        return command;
    }

    private static Command OnDisk(this Command command, DeviceAccess access, Func<IBlockDevice, ServerSettings, ParseResult, CancellationToken, Task<int>> run)
    {
        SettingOptions options = new(command, "data", "disk");
        command.SetAction((parsed, cancellation) => Failures.CatchAsync(async () =>
        {
            ServerSettings settings = options.Read(parsed);
            using FileBlockDevice device = FileBlockDevice.Open(Disks.Choose(settings), access);
            return await run(device, settings, parsed, cancellation);
        }));
        return command;
    }

    /// <summary>A line that counts up on a terminal; nothing where the output goes into a file.</summary>
    private sealed class ConsoleProgress : IProgress<RebuildProgress>
    {
        public void Report(RebuildProgress value)
        {
            if (!Console.IsErrorRedirected)
            {
                Console.Error.Write($"\r{value.DoneZones} of {value.TotalZones} zones{(value.DoneZones == value.TotalZones ? "\n" : "")}");
            }
        }
    }
}
