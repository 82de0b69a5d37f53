// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;
using Rookery.Storage;

namespace Rookery.Simulation;

/// <summary>What the process that will be killed writes: every sample follows from the start's number, the stream and its place, so that the parent needs to be told only counts.</summary>
internal static class KillPlan
{
    public const int Streams = 6;

    /// <summary>More than a child can have appended past its last line: it stays within its lead of the watermark.</summary>
    private const int SamplesBeyond = 400;

    public const long DiskBytes = DiskSizing.MinimumBytes;
    private const uint Timescale = 90_000;
    private const long Epoch = 1_767_225_600_000_000L; // 2026-01-01
    private const long Hour = 3_600_000_000L;

    public static StoreOptions Options => new()
    {
        ZoneBytes = 2 << 20,
        CommitInterval = TimeSpan.FromMilliseconds(100),
        MemoryBudgetBytes = 1 << 20,
        MaximumFrameBytes = 256 << 10,
    };

    public static RunStart Run(int start, int stream, RetentionClassId retentionClass = default) =>
        new(new StreamId((ulong)stream), Epoch: (ulong)start, retentionClass, Timescale, Format(stream));

    /// <summary>The start that appended a sample.</summary>
    public static int StartOf(long decodeTime) => (int)(decodeTime >> 32);

    /// <summary>Capture times of a start: an hour for each.</summary>
    public static WallRange HourOf(int start) => new(new WallTime(Epoch + (start * Hour)), new WallTime(Epoch + ((start + 1) * Hour)));

    /// <param name="start">Number of the start.</param>
    /// <param name="stream">The stream.</param>
    /// <param name="index">Its place.</param>
    /// <param name="factor">So many times the usual size, where disks are to fill up.</param>
    public static LoggedSample Sample(int start, int stream, int index, int factor = 1)
    {
        long decodeTime = ((long)start << 32) + (index * 3600L);
        uint chance = (uint)(decodeTime / 3600 * 2654435761L) ^ ((uint)stream * 40503);
        int size = factor * (index % 25 == 0 ? 8_000 + (int)(chance % 12_000) : 100 + (int)(chance % 5_000));
        // Wall time is part of the plan, not of the machine: an hour for each start.
        WallTime wall = HourOf(start).Start + TimeSpan.FromMilliseconds(index * 40L);
        return new LoggedSample(decodeTime, (int)(chance % 7), index % 25 == 0 ? SampleFlags.RandomAccess : SampleFlags.None, wall, size, Format(stream));
    }

    /// <summary>Enters what a start appended and was told to be durable.</summary>
    public static void Note(AcknowledgedLog log, int start, long[] durable, Func<int, RetentionClassId> classOf, int factor = 1)
    {
        List<(LoggedRun, long)> watermarks = [];
        for (int stream = 0; stream < durable.Length; stream++)
        {
            LoggedRun run = log.Begin(Run(start, stream, classOf(stream)));
            for (int i = 0; i < durable[stream] + SamplesBeyond; i++)
            {
                log.Append(run, Sample(start, stream, i, factor));
            }

            watermarks.Add((run, durable[stream]));
        }

        log.Acknowledge(boundary: start, watermarks, _ => false);
    }

    private static byte[] Format(int stream)
    {
        byte[] format = new byte[40];
        SampleContent.Fill(0xF0F0, stream, format);
        return format;
    }
}
