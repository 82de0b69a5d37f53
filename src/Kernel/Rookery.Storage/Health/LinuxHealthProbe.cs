// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>Asks smartctl where it is installed and may be used, and the kernel's own sensors (<c>drivetemp</c>, <c>nvme</c>) for what it does not say.</summary>
/// <remarks>For one thread at a time.</remarks>
[SuppressMessage("ApiDesign", "RS0030:Do not use banned APIs", Justification = "adapter: the one place that reads sensors of disks")]
public sealed class LinuxHealthProbe : IHealthProbe
{
    private readonly TimeProvider _clock;
    private readonly string _sys;
    private readonly Func<string, IReadOnlyList<string>> _devicesUnder;
    private readonly Func<string, string?> _smartctl;
    private readonly Dictionary<string, string> _traffic = new(StringComparer.Ordinal);

    public LinuxHealthProbe(TimeProvider clock)
        : this(clock, "/sys", DiskTopology.DevicesUnder, Smartctl.Ask)
    {
    }

    /// <param name="clock">Time.</param>
    /// <param name="sys">Where sysfs is.</param>
    /// <param name="devicesUnder">Names of the devices under a disk.</param>
    /// <param name="smartctl">The report of a device; <c>null</c> for none.</param>
    internal LinuxHealthProbe(TimeProvider clock, string sys, Func<string, IReadOnlyList<string>> devicesUnder, Func<string, string?> smartctl) =>
        (_clock, _sys, _devicesUnder, _smartctl) = (clock, sys, devicesUnder, smartctl);

    public DiskHealth? Ask(string disk)
    {
        // Of a volume on several devices nobody could say which one is meant.
        if (_devicesUnder(disk) is not [{ } name] || !Directory.Exists(Path.Combine(_sys, "block", name, "device")))
        {
            return null;
        }

        WallTime now = WallTime.Now(_clock);
        string device = "/dev/" + name;
        DiskHealth? said = _smartctl(device) is { } report ? SmartReport.Parse(report, device, now) : null;
        if (said is { Sleeps: true })
        {
            return said;
        }

        said ??= new DiskHealth { At = now, Device = device };
        bool mayRead = HadTraffic(name);
        (double? temperature, double? hottest) = said.TemperatureCelsius is null && mayRead ? Sensor(name) : (said.TemperatureCelsius, null);
        said = said with
        {
            Model = said.Model ?? Read($"block/{name}/device/model"),
            Serial = said.Serial ?? Read($"block/{name}/device/serial"),
            TemperatureCelsius = temperature,
            HottestCelsius = said.HottestCelsius ?? hottest,
        };
        return said;
    }

    /// <summary>The sensor may wake a disk, or keep it from going to sleep: only one that had something to do since it was asked last is surely awake.</summary>
    private bool HadTraffic(string name)
    {
        string counters = Read($"block/{name}/stat") ?? "";
        bool had = !_traffic.TryGetValue(name, out string? before) || before != counters;
        _traffic[name] = counters;
        return had;
    }

    private (double? Temperature, double? Hottest) Sensor(string name)
    {
        string device = Path.Combine(_sys, "block", name, "device");
        foreach (string directory in (ReadOnlySpan<string>)[Path.Combine(device, "hwmon"), device])
        {
            string[] sensors = Directory.Exists(directory) ? Directory.GetDirectories(directory, "hwmon?*") : [];
            foreach (string sensor in sensors)
            {
                if (Millidegrees(Path.Combine(sensor, "temp1_input")) is { } temperature)
                {
                    return (temperature, Millidegrees(Path.Combine(sensor, "temp1_max")) ?? Millidegrees(Path.Combine(sensor, "temp1_crit")));
                }
            }
        }

        return (null, null);
    }

    private static double? Millidegrees(string path) =>
        ReadFile(path) is { } text && int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value)
            // Firmware that has no sensor says absolute zero, or what a furnace has.
            && value is > -60_000 and < 150_000
            ? value / 1000.0
            : null;

    private string? Read(string path) => ReadFile(Path.Combine(_sys, path));

    private static string? ReadFile(string path)
    {
        try
        {
            return File.Exists(path) && File.ReadAllText(path).Trim() is { Length: > 0 } text ? text : null;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
