// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Rookery.Server;

/// <summary>Logs on the standard error output, times in UTC. The framework's own chatter only from warnings on.</summary>
internal static class Logging
{
    private const string TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z '";

    public static void Configure(ILoggingBuilder logging, ServerSettings settings)
    {
        logging.SetMinimumLevel(settings.LogLevel);
        logging.AddFilter("Microsoft", settings.LogLevel > LogLevel.Warning ? settings.LogLevel : LogLevel.Warning);
        // A start that fails is told by the program itself, in one sentence and with an exit code.
        logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
        // It tells each request without a login: strangers must not be able to fill the log.
        logging.AddFilter("Rookery.Http.SessionAuthentication", LogLevel.Warning);
        // A request that the server refuses is told to the caller; what is wrong with it is no event of ours.
        logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Error);
        if (settings.LogJson)
        {
            logging.AddJsonConsole(console => (console.UseUtcTimestamp, console.TimestampFormat) = (true, TimestampFormat.TrimEnd()));
        }
        else
        {
            logging.AddSimpleConsole(console => (console.UseUtcTimestamp, console.TimestampFormat, console.SingleLine) = (true, TimestampFormat, true));
        }

        logging.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
    }
}
