// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>How long footage is kept, for those who administer it: retention classes and holds. All of it is on the disks of the pool, and survives the loss of everything else.</summary>
/// <remarks>Safe for any thread.</remarks>
public interface IRetentionControl
{
    /// <summary>The classes that were ever defined and not removed, by number.</summary>
    IReadOnlyList<RetentionClass> RetentionClasses { get; }

    /// <summary>Makes a class known or changes it, durably when the task completes.</summary>
    /// <exception cref="StoreException">There are too many with footage, or no disk takes the change.</exception>
    Task ChangeClassAsync(RetentionClass retentionClass);

    /// <summary>Forgets a class.</summary>
    /// <returns><c>false</c> when there is footage of it, or may be, because a start has not seen all of it yet: it stays.</returns>
    Task<bool> RemoveClassAsync(RetentionClassId retentionClass);

    /// <summary>Holds that were made and not released, the one made first first; also those whose time is over.</summary>
    IReadOnlyList<Hold> Holds { get; }

    /// <summary>Makes a hold, or changes the one of the same id. When the task completes it is on the disks, and nothing it covers is freed any more.</summary>
    /// <exception cref="StoreException">It is not well formed, there are too many, or no disk takes it: the holds are as before.</exception>
    Task HoldAsync(Hold hold);

    /// <summary>Releases a hold: what only it kept goes by normal retention.</summary>
    /// <returns><c>false</c> when there is none of that id.</returns>
    Task<bool> ReleaseAsync(string id);

    HoldStatus HoldStatus { get; }
}

/// <summary>What holds cost.</summary>
/// <param name="HeldBytes">Room that cannot be freed because of holds. An estimate while <see cref="IsEstimate"/>.</param>
/// <param name="CapacityBytes">Room of the whole pool.</param>
/// <param name="QuotaBytes">Above it an alarm is raised; nothing is freed because of it.</param>
/// <param name="FullIn">At the present rate held footage leaves recording no room in this time; <c>null</c> when it does not grow.</param>
/// <param name="IsEstimate">A part of it was not looked at yet.</param>
public sealed record HoldStatus(long HeldBytes, long CapacityBytes, long QuotaBytes, TimeSpan? FullIn, bool IsEstimate)
{
    /// <summary>So long before recording has no room there is an alarm: time to order disks and put them in.</summary>
    public static readonly TimeSpan AlarmBefore = TimeSpan.FromDays(14);

    /// <summary>Held footage in percent of the pool.</summary>
    public int Percent => CapacityBytes == 0 ? 0 : (int)(HeldBytes * 100.0 / CapacityBytes);

    /// <summary>An alarm, in words; <c>null</c> when there is no reason for one.</summary>
    public string? Warning => FullIn is { } left && left < AlarmBefore
        ? $"Holds keep {Percent} % of the pool. At the present rate recording has no room in {Math.Max(0, (int)left.TotalDays)} days. Release holds, or add disks."
        : HeldBytes > QuotaBytes
            ? $"Holds keep {Percent} % of the pool, more than the {QuotaBytes * 100.0 / Math.Max(1, CapacityBytes):0} % meant for them. Release holds, or add disks."
            : null;
}
