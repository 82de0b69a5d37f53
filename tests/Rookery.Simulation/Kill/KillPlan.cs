// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;
using Rookery.Storage;

namespace Rookery.Simulation;

/// <summary>What the process that will be killed writes: every sample follows from the start's number, the stream and its place, so that the parent needs to be told only counts.</summary>
internal static class KillPlan
{
    public const int Streams = 6;
    public const long DiskBytes = DiskSizing.MinimumBytes;
    private const uint Timescale = 90_000;

    public static StoreOptions Options => new()
    {
        ZoneBytes = 2 << 20,
        CommitInterval = TimeSpan.FromMilliseconds(100),
        MemoryBudgetBytes = 1 << 20,
        MaximumFrameBytes = 256 << 10,
    };

    public static RunStart Run(int start, int stream) =>
        new(new StreamId((ulong)stream), Epoch: (ulong)start, new RetentionClassId(0), Timescale, Format(stream));

    public static LoggedSample Sample(int start, int stream, int index)
    {
        long decodeTime = ((long)start << 32) + (index * 3600L);
        uint chance = (uint)(decodeTime / 3600 * 2654435761L) ^ ((uint)stream * 40503);
        int size = index % 25 == 0 ? 8_000 + (int)(chance % 12_000) : 100 + (int)(chance % 5_000);
        // Wall time is part of the plan, not of the machine: an hour for each start.
        WallTime wall = new(1_767_225_600_000_000L + (start * 3_600_000_000L) + (index * 40_000L));
        return new LoggedSample(decodeTime, (int)(chance % 7), index % 25 == 0 ? SampleFlags.RandomAccess : SampleFlags.None, wall, size, Format(stream));
    }

    private static byte[] Format(int stream)
    {
        byte[] format = new byte[40];
        SampleContent.Fill(0xF0F0, stream, format);
        return format;
    }
}
