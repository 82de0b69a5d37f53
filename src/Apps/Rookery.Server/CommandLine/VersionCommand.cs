// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.CommandLine;
using System.Reflection;

namespace Rookery.Server;

/// <summary><c>rookery version</c>.</summary>
internal static class VersionCommand
{
    public static string Version { get; } =
        typeof(VersionCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    public static Command Create()
    {
        Command command = new("version", "Says which version this is.");
        command.SetAction(_ =>
        {
            Console.WriteLine($"rookery {Version} (.NET {Environment.Version})");
            return ExitCode.Done;
        });
        return command;
    }
}
