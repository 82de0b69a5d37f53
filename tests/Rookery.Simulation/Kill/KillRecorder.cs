// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Globalization;
using Rookery.Foundation;
using Rookery.Storage;

namespace Rookery.Simulation;

/// <summary>What both processes that are killed do: streams that record by <see cref="KillPlan"/>, each a bounded way ahead of its watermark, and a line <c>stream samples</c> for each step of one.</summary>
internal sealed class KillRecorder
{
    /// <summary>Samples a stream is ahead of its watermark at most.</summary>
    private const int Ahead = 40;

    /// <summary>A child whose parent died ends by itself.</summary>
    private const int MostSamples = 20_000;

    private readonly BlockPool _blocks = new(64 << 20);
    private readonly int _start;
    private readonly int _factor;
    private readonly IStreamAppender[] _appenders;
    private readonly int[] _appended;
    private readonly long[] _told;

    /// <param name="store">Where to.</param>
    /// <param name="start">Number of the start.</param>
    /// <param name="classOf">Retention class of a stream.</param>
    /// <param name="factor">See <see cref="KillPlan.Sample"/>.</param>
    public KillRecorder(VideoStore store, int start, Func<int, RetentionClassId> classOf, int factor = 1)
    {
        _start = start;
        _factor = factor;
        _appenders = [.. Enumerable.Range(0, KillPlan.Streams).Select(stream => store.BeginRun(KillPlan.Run(start, stream, classOf(stream))))];
        _appended = new int[_appenders.Length];
        _told = new long[_appenders.Length];
    }

    /// <param name="eachRound">Done between two looks at the watermarks.</param>
    public async Task RunAsync(Action? eachRound = null)
    {
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(5));
        do
        {
            eachRound?.Invoke();
            for (int stream = 0; stream < _appenders.Length; stream++)
            {
                long durable = _appenders[stream].Durable.Samples;
                if (durable > _told[stream])
                {
                    _told[stream] = durable;
                    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{stream} {durable}"));
                }

                while (_appended[stream] < durable + Ahead && TryAppend(stream))
                {
                    _appended[stream]++;
                }
            }
        }
        while (_appended[0] < MostSamples && await timer.WaitForNextTickAsync().ConfigureAwait(false));
    }

    private bool TryAppend(int stream)
    {
        LoggedSample sample = KillPlan.Sample(_start, stream, _appended[stream], _factor);
        if (_blocks.TryRent(sample.SizeBytes) is not { } block)
        {
            return false;
        }

        SampleContent.Fill((ulong)stream, sample.DecodeTime, block.Span[..sample.SizeBytes]);
        bool taken = _appenders[stream].TryAppend(new Sample(
            sample.DecodeTime, sample.CompositionOffset, sample.Flags, sample.Wall, new BlockSlice(block, 0, sample.SizeBytes)));
        block.Release();
        return taken;
    }
}
