// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Storage;

namespace Rookery.Http.Tests;

/// <summary>Classes and holds in memory. A class can be said to have footage.</summary>
internal sealed class MemoryRetention : IRetentionControl
{
    public IReadOnlyList<RetentionClass> RetentionClasses { get; private set; } = [new RetentionClass(new RetentionClassId(0), null, null)];

    public IReadOnlyList<Hold> Holds { get; private set; } = [];

    public HoldStatus HoldStatus { get; set; } = new(0, 1_000_000_000, 250_000_000, null, IsEstimate: false);

    public HashSet<RetentionClassId> WithFootage { get; } = [];

    public Task ChangeClassAsync(RetentionClass retentionClass)
    {
        RetentionClasses = [.. RetentionClasses.Where(c => c.Id != retentionClass.Id), retentionClass];
        return Task.CompletedTask;
    }

    public Task<bool> RemoveClassAsync(RetentionClassId retentionClass)
    {
        bool isFree = !WithFootage.Contains(retentionClass);
        RetentionClasses = isFree ? [.. RetentionClasses.Where(c => c.Id != retentionClass)] : RetentionClasses;
        return Task.FromResult(isFree);
    }

    public Task HoldAsync(Hold hold)
    {
        if (hold.Range.IsEmpty || hold.Streams.Count == 0 || hold.Case.Length == 0)
        {
            return Task.FromException(new StoreException("A hold's range ends after it begins."));
        }

        Holds = [.. Holds.Where(h => h.Id != hold.Id), hold];
        return Task.CompletedTask;
    }

    public Task<bool> ReleaseAsync(string id)
    {
        int before = Holds.Count;
        Holds = [.. Holds.Where(h => h.Id != id)];
        return Task.FromResult(Holds.Count < before);
    }
}
