// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.CommandLine;
using Rookery.Server;

RootCommand root = new("Rookery, a network video recorder. Two commands to see pictures: rookery serve, then open the address it prints.")
{
    ServeCommand.Create(),
    CameraCommands.Create(),
    LoginCommand.Create(),
    VersionCommand.Create(),
};
ParseResult parsed = root.Parse(args);
int code = await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false });
return parsed.Errors.Count > 0 ? ExitCode.Usage : code;
