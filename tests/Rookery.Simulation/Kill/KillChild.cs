// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Globalization;
using Rookery.Foundation;
using Rookery.Storage;

namespace Rookery.Simulation;

/// <summary>The process that is killed: records by <see cref="KillPlan"/> and says on its output what has become durable, one line <c>stream samples</c> for each step of a watermark.</summary>
internal static class KillChild
{
    /// <summary>Samples a stream is ahead of its watermark at most.</summary>
    private const int Ahead = 40;

    /// <summary>A child whose parent died ends by itself.</summary>
    private const int MostSamples = 20_000;

    public static async Task<int> RunAsync(string path, int start)
    {
        await using VideoStore store = await VideoStore.OpenAsync(
            FileBlockDevice.OpenOrCreate(new DiskSpec(path, KillPlan.DiskBytes)), KillPlan.Options, TimeProvider.System).ConfigureAwait(false);
        BlockPool blocks = new(64 << 20);
        IStreamAppender[] appenders = [.. Enumerable.Range(0, KillPlan.Streams).Select(stream => store.BeginRun(KillPlan.Run(start, stream)))];
        int[] appended = new int[appenders.Length];
        long[] told = new long[appenders.Length];
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(5));
        do
        {
            for (int stream = 0; stream < appenders.Length; stream++)
            {
                long durable = appenders[stream].Durable.Samples;
                if (durable > told[stream])
                {
                    told[stream] = durable;
                    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{stream} {durable}"));
                }

                while (appended[stream] < durable + Ahead && TryAppend(blocks, appenders[stream], start, stream, appended[stream]))
                {
                    appended[stream]++;
                }
            }
        }
        while (appended[0] < MostSamples && await timer.WaitForNextTickAsync().ConfigureAwait(false));

        return 0;
    }

    private static bool TryAppend(BlockPool blocks, IStreamAppender appender, int start, int stream, int index)
    {
        LoggedSample sample = KillPlan.Sample(start, stream, index);
        if (blocks.TryRent(sample.SizeBytes) is not { } block)
        {
            return false;
        }

        SampleContent.Fill((ulong)stream, sample.DecodeTime, block.Span[..sample.SizeBytes]);
        bool taken = appender.TryAppend(new Sample(
            sample.DecodeTime, sample.CompositionOffset, sample.Flags, sample.Wall, new BlockSlice(block, 0, sample.SizeBytes)));
        block.Release();
        return taken;
    }
}
