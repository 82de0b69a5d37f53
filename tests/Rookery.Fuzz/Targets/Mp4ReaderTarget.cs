// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Media.Mp4.Reading;

namespace Rookery.Fuzz;

/// <summary>MP4 files, whole and fragmented: a file or a clear refusal, and never a sample outside the file.</summary>
public sealed class Mp4ReaderTarget : FuzzTarget
{
    public override string Name => "mp4";

    public override IReadOnlyList<byte[]> Seeds { get; } =
    [
        .. new[] { "h264-aac.mp4", "h264-aac-fragmented.mp4", "h265.mp4" }.Select(file => File.ReadAllBytes(Path.Combine(Fuzzer.TestData, "mp4", file))),
    ];

    public override void Run(byte[] input)
    {
        Mp4File file;
        try
        {
            file = Mp4Reader.Read(new MemoryStream(input));
        }
        catch (InvalidDataException)
        {
            return;
        }

        foreach (Mp4FileTrack track in file.Tracks)
        {
            Require(track.Formats.Count > 0 && track.Timescale > 0, "a track has a format and a timescale");
            foreach (Mp4Sample sample in track.Samples)
            {
                Require(sample.OffsetBytes >= 0 && sample.SizeBytes >= 0 && sample.OffsetBytes + sample.SizeBytes <= input.Length, "samples lie in the file");
                Require(sample.Format < track.Formats.Count, "samples have a format");
            }
        }
    }
}
