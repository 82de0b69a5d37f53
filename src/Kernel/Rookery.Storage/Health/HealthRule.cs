// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Globalization;

namespace Rookery.Storage;

/// <summary>What of a disk's own words is worth a warning.</summary>
internal static class HealthRule
{
    /// <summary>For disks that name no limit: makers of hard disks state 60 °C at the most, and age them by 40.</summary>
    private const double HotHardDisk = 55;

    /// <summary>From here on a maker no longer promises that flash keeps what is written.</summary>
    private const int WornOut = 90;

    public static IReadOnlyList<string> WarningsOf(DiskHealth health)
    {
        var warnings = new List<string>();
        if (health.Passed == false)
        {
            warnings.Add("expects to fail soon, by its own word: replace it.");
        }

        if (health.PendingSectors > 0)
        {
            warnings.Add(Invariant($"has {health.PendingSectors} sectors that it cannot read. What lay there is rebuilt when it is read or verified; if the number grows, replace the disk."));
        }

        if (health.UncorrectableErrors > 0)
        {
            warnings.Add(Invariant($"has failed to read {health.UncorrectableErrors} times for good. If the number grows, replace the disk."));
        }

        double limit = health.HottestCelsius ?? HotHardDisk;
        if (health.TemperatureCelsius >= limit)
        {
            warnings.Add(Invariant($"is at {health.TemperatureCelsius:0} °C; {limit:0} °C is the most it should be. See to its cooling."));
        }

        if (health.WearPercent >= WornOut)
        {
            warnings.Add(Invariant($"has used {health.WearPercent} % of the writes that it was made for: plan to replace it."));
        }

        return warnings;
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
