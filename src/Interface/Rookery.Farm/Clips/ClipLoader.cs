// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Diagnostics.CodeAnalysis;
using Rookery.Farm.Packing;
using Rookery.Media;
using Rookery.Media.Mp4.Reading;

namespace Rookery.Farm.Clips;

/// <summary>Reads clips from MP4 files.</summary>
[SuppressMessage("ApiDesign", "RS0030:Do not use banned APIs", Justification = "adapter: reads the file")]
public static class ClipLoader
{
    /// <summary>Reads and packs a file: its first track of video, and of audio unless it is replaced.</summary>
    /// <param name="path">An MP4 file.</param>
    /// <param name="audio">What sound the clip gets: <c>null</c> keeps the file's own; <see cref="FarmAudio.None"/> drops it; <see cref="FarmAudio.Pcmu"/> puts a tone in its place.</param>
    /// <exception cref="FarmException">The file cannot be read or served.</exception>
    public static Clip Load(string path, FarmAudio? audio = null)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            return Load(file, Path.GetFileNameWithoutExtension(path), audio);
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or UnauthorizedAccessException or ArgumentException or IndexOutOfRangeException)
        {
            throw new FarmException($"{path}: {exception.Message}", exception);
        }
    }

    /// <inheritdoc cref="Load(string, FarmAudio?)"/>
    /// <param name="stream">Must be able to seek.</param>
    /// <param name="name">See <see cref="Clip.Name"/>.</param>
    /// <param name="audio">See the other overload.</param>
    public static Clip Load(Stream stream, string name, FarmAudio? audio)
    {
        Mp4File file = Mp4Reader.Read(stream);
        Mp4FileTrack video = file.Tracks.FirstOrDefault(track => track.Kind == TrackKind.Video && track.Samples.Count > 0)
            ?? throw new InvalidDataException("There is no video in it.");
        Mp4Sample last = video.Samples[^1];
        long loopTicks = (last.DecodeTime + last.Duration - video.Samples[0].DecodeTime) * Clip.LoopTimescale / video.Timescale;
        List<ClipTrack> tracks = [Pack(stream, video, loopTicks)!];
        Mp4FileTrack? sound = file.Tracks.FirstOrDefault(track => track.Kind == TrackKind.Audio && track.Samples.Count > 0);
        ClipTrack? second = audio switch
        {
            FarmAudio.None => null,
            FarmAudio.Pcmu => Tone.Make(loopTicks),
            FarmAudio.Aac when sound?.Formats[0].Codec != Codec.Aac => throw new InvalidDataException("It has no AAC sound; --audio none or pcmu would do."),
            _ => sound is null ? null : Pack(stream, sound, loopTicks),
        };
        if (second is not null)
        {
            tracks.Add(second);
        }

        return new Clip(name, loopTicks, tracks);
    }

    private static ClipTrack? Pack(Stream stream, Mp4FileTrack track, long loopTicks)
    {
        TrackFormat format = track.Formats[0];
        format = format with { Timescale = format.Kind == TrackKind.Video ? Clip.LoopTimescale : format.SampleRate };
        SourceUnit[] units = [.. track.Samples.TakeWhile(sample => sample.Format == track.Samples[0].Format).Select(sample =>
            new SourceUnit(sample.DecodeTime, sample.CompositionOffset, sample.IsSync, Mp4Reader.ReadSample(stream, sample)))];
        return ClipPacker.Pack(format, track.Timescale, units, loopTicks);
    }
}
