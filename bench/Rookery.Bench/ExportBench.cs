// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Diagnostics;
using System.Globalization;
using Rookery.Foundation;
using Rookery.Media;
using Rookery.Media.Mp4;
using Rookery.Media.Mp4.Reading;
using Rookery.Recording;
using Rookery.Recording.Playback;
using Rookery.Storage;

namespace Rookery.Bench;

/// <summary>
/// The download of a long range. <c>fill</c> records a clip over and over for several cameras, one commit for each 400 ms of their time, as the recorder would;
/// <c>copy</c> exports the first camera's whole recording to the standard output and tells the seconds it took on the standard error.
/// </summary>
internal static class ExportBench
{
    private static readonly WallTime Start = WallTime.From(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private static readonly TimeSpan Commit = TimeSpan.FromMilliseconds(400);

    public static async Task<int> RunAsync(string[] args)
    {
        switch (args)
        {
            case ["fill", var disk, var clip, var cameras, var minutes]:
                await FillAsync(disk, clip, Number(cameras), TimeSpan.FromMinutes(Number(minutes)));
                return 0;
            case ["copy", var disk, var minutes]:
                await CopyAsync(disk, TimeSpan.FromMinutes(Number(minutes)));
                return 0;
            default:
                await Console.Error.WriteLineAsync("usage: export fill DISK:SIZE CLIP CAMERAS MINUTES | export copy DISK MINUTES");
                return 2;
        }
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static async Task FillAsync(string disk, string clip, int cameras, TimeSpan length)
    {
        using FileBlockDevice device = FileBlockDevice.OpenOrCreate(DiskSpec.Parse(disk));
        StoreOptions options = new() { IsManual = true };
        await using VideoStore store = await VideoStore.OpenAsync(device, options, TimeProvider.System);
        store.RecoverNow();
        using FileStream stream = File.OpenRead(clip);
        Mp4File file = Mp4Reader.Read(stream);
        List<LoopedTrack> tracks = [];
        for (int camera = 1; camera <= cameras; camera++)
        {
            for (int track = 0; track < file.Tracks.Count; track++)
            {
                StreamId id = new TrackKey(new ChannelId((ulong)camera), StreamRole.Main, (byte)track).ToStreamId();
                tracks.Add(new LoopedTrack(store, id, stream, file.Tracks[0], file.Tracks[track]));
            }
        }

        for (TimeSpan now = Commit; now <= length; now += Commit)
        {
            tracks.ForEach(track => track.AppendUntil(now));
            store.CommitNow();
        }

        tracks.ForEach(track => track.Dispose());
    }

    private static async Task CopyAsync(string disk, TimeSpan length)
    {
        await using VideoStore store = await VideoStore.OpenAsync(FileBlockDevice.OpenOrCreate(DiskSpec.Parse(disk)), new StoreOptions(), TimeProvider.System);
        await store.Recovered;
        await using Stream output = Console.OpenStandardOutput();
        PlaybackRequest request = new() { Channel = new ChannelId(1), Range = new(Start, Start + length) };
        // A recorder runs for months: its code is compiled by the time somebody downloads.
        for (int i = 0; i < 3; i++)
        {
            Mp4Export warm = (await Mp4Export.PrepareAsync(store, request with { Range = new(Start, Start + TimeSpan.FromMinutes(2)) }, CancellationToken.None))!;
            await warm.CopyToAsync(Stream.Null, 0, warm.LengthBytes, CancellationToken.None);
        }

        long begin = Stopwatch.GetTimestamp();
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        Mp4Export export = await Mp4Export.PrepareAsync(store, request, CancellationToken.None) ?? throw new InvalidOperationException("nothing recorded");
        TimeSpan prepared = Stopwatch.GetElapsedTime(begin);
        await export.CopyToAsync(output, 0, export.LengthBytes, CancellationToken.None);
        TimeSpan all = Stopwatch.GetElapsedTime(begin);
        TimeSpan used = Environment.CpuUsage.TotalTime - cpu;
        await Console.Error.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"{all.TotalSeconds:F3} {export.LengthBytes} {prepared.TotalSeconds:F3} {used.TotalSeconds:F3}"));
    }

    /// <summary>One track of a clip, appended again and again with times that go on.</summary>
    private sealed class LoopedTrack : IDisposable
    {
        private readonly BlockPool _pool = new(64 << 20);
        private readonly (long Time, int Offset, SampleFlags Flags, Block Data, int Length)[] _samples;
        private readonly IStreamAppender _run;
        private readonly int _timescale;
        private readonly long _loopTicks;
        private int _next;
        private long _base;

        public LoopedTrack(VideoStore store, StreamId id, Stream stream, Mp4FileTrack video, Mp4FileTrack source)
        {
            _timescale = source.Kind == TrackKind.Video ? 90_000 : (int)source.Timescale;
            _loopTicks = Ticks.Rescale(video.Samples[^1].DecodeTime + video.Samples[^1].Duration, video.Timescale, _timescale);
            _samples = [.. source.Samples.Select(sample => Read(stream, source, sample)).Where(sample => sample.Time < _loopTicks)];
            TrackFormat format = source.Formats[0] with { Timescale = _timescale };
            _run = store.BeginRun(new RunStart(id, 0, default, (uint)_timescale, format.ToBytes()));
        }

        public void AppendUntil(TimeSpan end)
        {
            long limit = (long)(end.TotalSeconds * _timescale);
            for (; _base + _samples[_next].Time < limit; _next++)
            {
                (long time, int offset, SampleFlags flags, Block data, int length) = _samples[_next];
                WallTime wall = Start + TimeSpan.FromTicks(Ticks.Rescale(_base + time + offset, _timescale, TimeSpan.TicksPerSecond));
                if (!_run.TryAppend(new Sample(_base + time, offset, flags, wall, new BlockSlice(data, 0, length))))
                {
                    throw new InvalidOperationException("the store took no more");
                }

                if (_next + 1 == _samples.Length)
                {
                    _base += _loopTicks;
                    _next = -1;
                }
            }
        }

        public void Dispose() => _run.Dispose();

        private (long Time, int Offset, SampleFlags Flags, Block Data, int Length) Read(Stream stream, Mp4FileTrack source, Mp4Sample sample)
        {
            Block block = _pool.TryRent(sample.SizeBytes)!;
            Mp4Reader.ReadSample(stream, sample, block.Span);
            long time = Ticks.Rescale(sample.DecodeTime, source.Timescale, _timescale);
            int offset = (int)Ticks.Rescale(sample.CompositionOffset, source.Timescale, _timescale);
            return (time, offset, sample.IsSync ? SampleFlags.RandomAccess : SampleFlags.None, block, sample.SizeBytes);
        }
    }
}
