// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Storage;

namespace Rookery.Simulation;

/// <summary>One thing that recording does to a store.</summary>
internal abstract record WorkloadStep
{
    private WorkloadStep()
    {
    }

    /// <summary>A stream delivers samples; its run begins when it has none.</summary>
    public sealed record Append(int Stream, IReadOnlyList<int> SizesBytes) : WorkloadStep;

    /// <summary>The parameter sets of a stream change.</summary>
    public sealed record ChangeFormat(int Stream, int Format) : WorkloadStep;

    /// <summary>The camera goes away: the run ends, and a gap is recorded.</summary>
    public sealed record EndRun(int Stream, GapCause Cause) : WorkloadStep;

    /// <summary>A commit interval is over.</summary>
    public sealed record Commit : WorkloadStep;

    /// <summary>Somebody puts a hold on the latest footage of a stream, and on what comes next.</summary>
    public sealed record Hold(int Stream, TimeSpan Back, TimeSpan Ahead) : WorkloadStep;

    /// <summary>The hold that was made first is released.</summary>
    public sealed record Release : WorkloadStep;

    /// <summary>A retention class changes: ages, quota, priority, layout.</summary>
    public sealed record ChangeClass(RetentionClass Class) : WorkloadStep;

    /// <summary>The recorder is stopped in order and started again.</summary>
    public sealed record Reopen : WorkloadStep;
}

/// <summary>A disk, a store and what happens to it, all drawn from one seed.</summary>
internal sealed record Workload
{
    public required int Seed { get; init; }
    public required long CapacityBytes { get; init; }
    public required StoreOptions Options { get; init; }
    public required int Streams { get; init; }
    public required int Classes { get; init; }

    /// <summary>Write heads at most: each has a chunk being written, and another opened ahead.</summary>
    public int Heads => Options.ChannelsPerHead < Streams ? Streams : Classes;
    public required IReadOnlyList<WorkloadStep> Steps { get; init; }

    /// <summary>Disks come back with columns that have been rebuilt elsewhere, and rot: a zone whose content is not wanted may stay unknown until the next start.</summary>
    public bool MayLeaveZonesUnknown { get; init; }

    /// <summary>Holds and classes change: what retention frees, and in which order, is not for the model to say then, but for what holds keep.</summary>
    public bool HasPolicies { get; init; }

    /// <summary>Draws a workload: a tiny disk of few zones, so that chunks roll over and retention frees them within some dozens of commits.</summary>
    /// <param name="seed">Decides everything.</param>
    /// <param name="commits">How many commits it has, about.</param>
    public static Workload Draw(int seed, int commits)
    {
        Random random = new(seed);
        long zone = 64L << 10 << random.Next(0, 3);
        int zones = random.Next(5, 10);
        int streams = random.Next(1, 6);
        int classes = random.Next(3) == 0 ? 2 : 1;
        // Drawn apart, so that seeds that found something once still do the same.
        Random heads = new(seed * 7919);
        return new Workload
        {
            Seed = seed,
            CapacityBytes = (1 << 20) + (128 << 10) + (zones * zone) + (random.Next(2) * 8192),
            Options = new StoreOptions
            {
                ZoneBytes = zone,
                MaximumFrameBytes = 32 << 10 << random.Next(0, 2),
                FreeZonesAhead = random.Next(1, 3),
                ChannelsPerHead = heads.Next(3) == 0 ? heads.Next(1, 3) : 100,
                ZonesPerHead = 3,
                IsManual = true,
                Identity = (UInt128)(ulong)seed + 1,
            },
            Streams = streams,
            Classes = classes,
            Steps = [.. DrawSteps(random, streams, commits)],
        };
    }

    private static IEnumerable<WorkloadStep> DrawSteps(Random random, int streams, int commits)
    {
        for (int left = commits; left > 0; left--)
        {
            for (int stream = 0; stream < streams; stream++)
            {
                switch (random.Next(24))
                {
                    case 0:
                        yield return new WorkloadStep.EndRun(stream, (GapCause)random.Next(0, 11));
                        break;
                    case 1:
                        yield return new WorkloadStep.ChangeFormat(stream, random.Next(0, 4));
                        break;
                    case < 6:
                        // Nothing came within this interval.
                        continue;
                }

                yield return new WorkloadStep.Append(stream, DrawSizes(random));
            }

            yield return new WorkloadStep.Commit();
            if (random.Next(40) == 0)
            {
                yield return new WorkloadStep.Reopen();
            }
        }
    }

    /// <summary>Video, audio, and the odd sizes that break arithmetic: none, one byte, exactly a page.</summary>
    private static int[] DrawSizes(Random random) => random.Next(8) switch
    {
        0 => [random.Next(6_000, 14_000), .. Enumerable.Range(0, random.Next(6)).Select(_ => random.Next(200, 2_000))],
        1 => [.. Enumerable.Range(0, random.Next(1, 24)).Select(_ => random.Next(100, 400))],
        2 => [random.Next(3) switch { 0 => 1, 1 => 4096, _ => 0 }],
        _ => [.. Enumerable.Range(0, random.Next(1, 6)).Select(_ => random.Next(200, 3_000))],
    };
}
