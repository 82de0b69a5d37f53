// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.CommandLine;
using Rookery.Farm.CommandLine;
using Rookery.Server;

RootCommand root = new("Rookery, a network video recorder. Start it with 'rookery serve', then open the address it prints.")
{
    ServeCommand.Create(),
    CameraCommands.Create(),
    HoldCommands.Create(),
    PoolCommands.Create(),
    StoreCommands.Create(),
    LoginCommand.Create(),
    FarmCommand.Create(Console.Out),
    DemoCommand.Create(),
    VersionCommand.Create(),
};
using Signals signals = new();
ParseResult parsed = root.Parse(args);
InvocationConfiguration invocation = new() { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false };
int code = await parsed.InvokeAsync(invocation, signals.Asked);
return parsed.Errors.Count > 0 ? ExitCode.Usage : code;
