// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.CommandLine;

namespace Rookery.Server;

/// <summary>A command that talks to a running recorder.</summary>
internal static class ClientCommand
{
    /// <summary>Connects, runs, and says in words what went wrong.</summary>
    public static Command Running(this Command command, ClientOptions client, Func<ApiClient, ParseResult, CancellationToken, Task<int>> run)
    {
        command.SetAction((parsed, cancellation) => Failures.CatchAsync(async () =>
        {
            using ApiClient api = await client.ConnectAsync(parsed, cancellation);
            return await run(api, parsed, cancellation);
        }));
        return command;
    }
}
