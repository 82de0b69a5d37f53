// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.CommandLine;

namespace Rookery.Server;

/// <summary><c>rookery login</c>: keeps a login in a file, so that scripts hold no password.</summary>
internal static class LoginCommand
{
    public static Command Create()
    {
        Command command = new("login", "Logs in, and keeps the login's token in the file --token-file.");
        ClientOptions options = new(command);
        command.SetAction((parsed, cancellation) => Failures.CatchAsync(async () =>
        {
            string file = options.TokenFile(parsed) ?? throw new UsageException("Say where to keep the token: --token-file FILE.");
            using ApiClient client = await options.LogInAsync(parsed, cancellation);
            Files.Write(file, client.Token + "\n", ownerOnly: true);
            return ExitCode.Done;
        }));
        return command;
    }
}
