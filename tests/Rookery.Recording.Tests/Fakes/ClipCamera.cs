// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Runtime.CompilerServices;
using Rookery.Foundation;
using Rookery.Media;
using Rookery.Media.Mp4;
using Rookery.Media.Mp4.Reading;
using Rookery.Storage;

namespace Rookery.Recording.Tests.Fakes;

/// <summary>Records a real clip into a store, over and over without a break, as a camera of the farm would send it.</summary>
public sealed class ClipCamera
{
    private readonly Stream _stream;
    private readonly Mp4File _file;

    public ClipCamera(string name, [CallerFilePath] string here = "")
    {
        string path = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../testdata", name));
        _stream = new MemoryStream(File.ReadAllBytes(path));
        _file = Mp4Reader.Read(_stream);
    }

    /// <summary>Pictures of the clip.</summary>
    public int Pictures => _file.Tracks[0].Samples.Count;

    public void Record(IVideoStore store, ChannelId channel, WallTime start, int loops)
    {
        BlockPool pool = new(16 << 20);
        List<(WallTime Wall, int Track, Sample Sample)> samples = [];
        for (int track = 0; track < _file.Tracks.Count; track++)
        {
            Mp4FileTrack source = _file.Tracks[track];
            long timescale = source.Kind == TrackKind.Video ? 90_000 : source.Timescale;
            // The audio is a little longer than the video; the loop is as long as the video, and what is left over is cut off.
            long loopTicks = Ticks.Rescale(_file.Tracks[0].Samples[^1].DecodeTime + _file.Tracks[0].Samples[^1].Duration, _file.Tracks[0].Timescale, timescale);
            for (int loop = 0; loop < loops; loop++)
            {
                foreach (Mp4Sample sample in source.Samples)
                {
                    long time = Ticks.Rescale(sample.DecodeTime, source.Timescale, timescale);
                    if (time + (timescale / 100) >= loopTicks)
                    {
                        continue;
                    }

                    time += loop * loopTicks;
                    int offset = (int)Ticks.Rescale(sample.CompositionOffset, source.Timescale, timescale);
                    Block block = pool.TryRent(sample.SizeBytes)!;
                    Mp4Reader.ReadSample(_stream, sample, block.Span);
                    WallTime wall = start + TimeSpan.FromMicroseconds(Math.Round((time + offset) * 1e6 / timescale));
                    SampleFlags flags = sample.IsSync ? SampleFlags.RandomAccess : SampleFlags.None;
                    samples.Add((start + TimeSpan.FromSeconds((double)time / timescale), track, new(time, offset, flags, wall, new(block, 0, sample.SizeBytes))));
                }
            }
        }

        IStreamAppender[] runs = new IStreamAppender[_file.Tracks.Count];
        for (int track = 0; track < runs.Length; track++)
        {
            Mp4FileTrack source = _file.Tracks[track];
            int timescale = source.Kind == TrackKind.Video ? 90_000 : (int)source.Timescale;
            TrackFormat format = source.Formats[0] with { Timescale = timescale };
            runs[track] = store.BeginRun(new RunStart(new TrackKey(channel, StreamRole.Main, (byte)track).ToStreamId(), 0, default, (uint)timescale, format.ToBytes()));
        }

        foreach ((_, int track, Sample sample) in samples.OrderBy(sample => sample.Wall))
        {
            runs[track].TryAppend(sample);
            sample.Data.Block.Release();
        }

        foreach (IStreamAppender run in runs)
        {
            run.Dispose();
        }
    }
}
