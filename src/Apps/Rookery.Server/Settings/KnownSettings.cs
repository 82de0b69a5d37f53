// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Globalization;
using System.Net;
using Microsoft.Extensions.Logging;
using Rookery.Foundation;
using Rookery.Storage;

namespace Rookery.Server;

/// <summary>All settings. The guide (docs/guide/configuration.md) tells them in the same order.</summary>
internal static class KnownSettings
{
    public static readonly IReadOnlyList<Setting> All =
    [
        new("data", "DIR", "Directory of settings and keys, and of the video where no disk is named. Default: ./data",
            (settings, text) => settings with { Data = NotEmpty(text) }),
        new("disk", "PATH[:SIZE]", "Where video goes: a file (made at the size, such as 500G) or a raw device. Default: a file in the data directory that leaves a tenth of the file system free.",
            (settings, text) => settings with { Disks = [.. settings.Disks, DiskSpec.Parse(text)] })
        { IsList = true },
        new("listen", "ADDRESS:PORT", "Where the page and the API answer; port 0 takes a free one. Default: 0.0.0.0:8080",
            (settings, text) => settings with { Listen = EndPoint(text) }),
        new("commit-interval", "TIME", "How often video is made durable, 100ms to 5s. Default: 300ms",
            (settings, text) => settings with { CommitInterval = Interval(text) }),
        new("memory", "SIZE", "Video that may wait in memory for the disk, 16M to 64G. Default: 256M",
            (settings, text) => settings with { MemoryBytes = Memory(text) }),
        new("active-disks", "COUNT", "Disks that are recorded on at a time, 1 to 64; the others may spin down. Default: all",
            (settings, text) => settings with { ActiveDisks = Count(text) }),
        new("rotate-after", "TIME", "The next disks are recorded on after this time, 1h to 365d, though there is room. Default: when there is none",
            (settings, text) => settings with { RotateAfter = Time(text, TimeSpan.FromHours(1), TimeSpan.FromDays(365), "it is no time from 1h to 365d.") }),
        new("standby-after", "TIME", "A disk that is not recorded on spins down when nobody used it for so long, 1m to 24h. Default: 20m",
            (settings, text) => settings with { StandbyAfter = Time(text, TimeSpan.FromMinutes(1), TimeSpan.FromHours(24), "it is no time from 1m to 24h.") }),
        new("setup-user", "NAME", "Creates this administrator at the first start, without the setup link.",
            (settings, text) => settings with { SetupUser = NotEmpty(text) }),
        new("setup-password-file", "FILE", "File that holds that administrator's password.",
            (settings, text) => settings with { SetupPasswordFile = NotEmpty(text) }),
        new("ready-file", "FILE", "Written with the address as soon as the recorder serves.",
            (settings, text) => settings with { ReadyFile = NotEmpty(text) }),
        new("log-level", "LEVEL", "error, warning, information or debug. Default: information",
            (settings, text) => settings with { LogLevel = Level(text) }),
        new("log-format", "FORMAT", "text or json. Default: text",
            (settings, text) => settings with { LogJson = Json(text) }),
    ];

    private static string NotEmpty(string text) => text.Length > 0 ? text : throw new FormatException("it is empty.");

    private static IPEndPoint EndPoint(string text)
    {
        int colon = text.LastIndexOf(':');
        string host = colon < 0 ? "0.0.0.0" : text[..colon].Trim('[', ']');
        string port = text[(colon + 1)..];
        IPAddress? address = host is "localhost" ? IPAddress.Loopback : host is "" or "*" ? IPAddress.Any : null;
        return (address is not null || IPAddress.TryParse(host, out address)) && ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out ushort number)
            ? new IPEndPoint(address, number)
            : throw new FormatException("it is no ADDRESS:PORT, such as 0.0.0.0:8080, 127.0.0.1:8080 or [::]:8080.");
    }

    private static TimeSpan Interval(string text)
    {
        double unit = text.EndsWith("ms", StringComparison.Ordinal) ? 1 : text.EndsWith('s') ? 1000 : 0;
        return unit > 0
            && double.TryParse(text.AsSpan().TrimEnd("ms"), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value)
            && value * unit is >= 100 and <= 5000
            ? TimeSpan.FromMilliseconds(value * unit)
            : throw new FormatException("it is no time from 100ms to 5s.");
    }

    private static long Memory(string text) =>
        ByteSize.TryParse(text, out ByteSize size) && size.Bytes is >= 16L << 20 and <= 64L << 30 ? size.Bytes : throw new FormatException("it is no size from 16M to 64G.");

    private static int Count(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count is >= 1 and <= 64 ? count : throw new FormatException("it is no number from 1 to 64.");

    /// <summary>Minutes, hours or days, such as <c>20m</c>, <c>36h</c>, <c>7d</c>.</summary>
    private static TimeSpan Time(string text, TimeSpan least, TimeSpan most, string problem)
    {
        double minutes = text.Length == 0 ? 0 : text[^1] switch { 'm' => 1, 'h' => 60, 'd' => 24 * 60, _ => 0 };
        // A number of more digits than any of these times has is none.
        return minutes > 0 && text.Length <= 10 && double.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value)
            && value * minutes <= most.TotalMinutes && TimeSpan.FromMinutes(value * minutes) is var time && time >= least
            ? time
            : throw new FormatException(problem);
    }

    private static LogLevel Level(string text) => text.ToLowerInvariant() switch
    {
        "error" => LogLevel.Error,
        "warning" => LogLevel.Warning,
        "information" or "info" => LogLevel.Information,
        "debug" => LogLevel.Debug,
        _ => throw new FormatException("it is none of error, warning, information and debug."),
    };

    private static bool Json(string text) => text.ToLowerInvariant() switch
    {
        "json" => true,
        "text" => false,
        _ => throw new FormatException("it is neither text nor json."),
    };
}
