// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.CommandLine;

namespace Rookery.Server;

/// <summary><c>rookery serve</c>: the recorder.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        Command command = new("serve", "Records cameras, and serves the page and the API.");
        SettingOptions options = new(command);
        command.SetAction((parsed, cancellation) => Failures.CatchAsync(() => RunAsync(options.Read(parsed), afterStart: null, cancellation)));
        return command;
    }

    /// <param name="settings">How to run.</param>
    /// <param name="afterStart">What else to do once the recorder serves.</param>
    /// <param name="stop">Ends it in order.</param>
    public static async Task<int> RunAsync(ServerSettings settings, Action<RookeryServer>? afterStart, CancellationToken stop)
    {
        Console.WriteLine($"Rookery {VersionCommand.Version} starts …");
        await using RookeryServer server = await RookeryServer.StartAsync(settings, TimeProvider.System, Console.WriteLine, stop);
        afterStart?.Invoke(server);
        Announce(server);
        if (settings.ReadyFile is { } ready)
        {
            Files.Write(ready, server.Address.GetLeftPart(UriPartial.Authority) + "\n");
        }

        // A recorder that no longer looks after its cameras must not stand there as if all were well: it ends, and whoever supervises it starts it anew.
        await Task.WhenAny(server.Recording, Task.Delay(Timeout.InfiniteTimeSpan, stop));
        Console.WriteLine("Stopping: what was received is made durable …");
        return ExitCode.Done;
    }

    private static void Announce(RookeryServer server)
    {
        IReadOnlyList<Uri> addresses = Addresses.All(server.EndPoint);
        Console.WriteLine($"Rookery serves {string.Join("  ", addresses.Select(address => address.GetLeftPart(UriPartial.Authority)))}");
        if (server.SetupToken is { } token)
        {
            Console.WriteLine();
            Console.WriteLine("There is no user yet. Create the administrator with this link; it works once, and a new start makes a new one:");
            Console.WriteLine($"  {new Uri(addresses[0], "/setup")}#{token}");
            Console.WriteLine();
        }
    }
}
