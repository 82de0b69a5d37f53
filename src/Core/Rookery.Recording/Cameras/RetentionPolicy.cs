// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Storage;

namespace Rookery.Recording;

/// <summary>
/// Which retention class of the store a number of days is. The mapping is written on disk with every chunk, and so never changes:
/// 0 is "until the space is needed", 1 to 180 are days, 181 to 194 a short list of longer times, 200 to 254 are classes of a person's own.
/// </summary>
public static class RetentionPolicy
{
    private const int LargestExact = 180;

    private static readonly int[] Longer = [210, 240, 270, 300, 330, 365, 400, 545, 730, 1095, 1460, 1825, 2555, 3650];

    /// <summary>Numbers of classes that people define themselves.</summary>
    public const byte FirstOwn = 200;
    public const byte LastOwn = 254;

    public static bool IsOwn(int retentionClass) => retentionClass is >= FirstOwn and <= LastOwn;

    public static bool IsValid(int? days) => days is null or (>= 1 and <= LargestExact) || Longer.Contains(days.Value);

    /// <summary>For an error message: what may be asked for.</summary>
    public static string Allowed => $"1 to {LargestExact} days, or one of {string.Join(", ", Longer)}";

    /// <summary>The class that a camera's recordings have from now on.</summary>
    public static RetentionClassId ClassIdOf(Camera camera) => camera.RetentionClass is { } own ? new RetentionClassId((byte)own) : ClassOf(camera.RetentionDays).Id;

    /// <exception cref="ArgumentOutOfRangeException">The number is not <see cref="IsValid"/>.</exception>
    public static RetentionClass ClassOf(int? days)
    {
        if (days is null)
        {
            return new RetentionClass(new RetentionClassId(0), null, null);
        }

        if (!IsValid(days))
        {
            throw new ArgumentOutOfRangeException(nameof(days), days, $"Retention is {Allowed}.");
        }

        int id = days <= LargestExact ? days.Value : LargestExact + 1 + Array.IndexOf(Longer, days.Value);
        return new RetentionClass(new RetentionClassId((byte)id), TimeSpan.FromDays(days.Value), null);
    }
}
