// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Storage;

namespace Rookery.Simulation;

/// <summary>What people decide while it records: holds are made and released, classes change their limits and their layout.</summary>
internal static class PolicySteps
{
    /// <summary>The same workload with decisions between its commits, one in three.</summary>
    /// <param name="workload">The workload.</param>
    /// <param name="disks">Disks of the pool, which bound the layouts.</param>
    public static Workload Into(Workload workload, int disks)
    {
        Random random = new(workload.Seed * 104729);
        return workload with { HasPolicies = true, Steps = [.. workload.Steps.SelectMany(step => step is WorkloadStep.Commit && random.Next(3) == 0 ? [step, Draw(random, workload, disks)] : (WorkloadStep[])[step])] };
    }

    private static WorkloadStep Draw(Random random, Workload workload, int disks) => random.Next(4) switch
    {
        0 => new WorkloadStep.Hold(random.Next(workload.Streams), TimeSpan.FromMilliseconds(random.Next(1, 1500)), TimeSpan.FromMilliseconds(random.Next(0, 600))),
        1 => new WorkloadStep.Release(),
        _ => new WorkloadStep.ChangeClass(DrawClass(random, workload, disks)),
    };

    private static RetentionClass DrawClass(Random random, Workload workload, int disks)
    {
        TimeSpan? most = random.Next(3) == 0 ? TimeSpan.FromMinutes(random.Next(1, 200)) : null;
        TimeSpan? least = random.Next(3) == 0 ? TimeSpan.FromSeconds(random.Next(1, 60)) : null;
        long? quota = random.Next(3) == 0 ? workload.Options.ZoneBytes * random.Next(2, 12) : null;
        ChunkLayout? layout = random.Next(2) == 0 ? DrawLayout(random, disks) : null;
        return new RetentionClass(new RetentionClassId((byte)random.Next(workload.Classes)), most, quota, layout) { MinimumAge = least, Priority = random.Next(0, 101) };
    }

    private static ChunkLayout DrawLayout(Random random, int disks)
    {
        int parity = Math.Min(random.Next(0, 3), disks - 1);
        return new ChunkLayout(random.Next(1, Math.Min(4, disks - parity) + 1), parity);
    }
}
