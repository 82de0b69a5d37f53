// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Media;
using Rookery.Media.Bitstream;

namespace Rookery.Fuzz;

/// <summary>Parameter sets and audio configurations, each input tried as all of them.</summary>
public sealed class ParameterSetTarget : FuzzTarget
{
    public override string Name => "parameter-sets";

    public override IReadOnlyList<byte[]> Seeds { get; } =
    [
        .. new[] { "h264-main-bframes.h264", "h264-interlaced.h264", "h265-main-bframes.h265", "h265-main10-aud.h265" }
            .SelectMany(file => AnnexB.Split(File.ReadAllBytes(Path.Combine(Fuzzer.TestData, "media", file))).Take(4))
            .Select(nal => nal.ToArray())
            .Where(nal => nal.Length < 500),
        [0x11, 0x90],
        [0x2B, 0x09, 0x88, 0x00],
    ];

    public override void Run(byte[] input)
    {
        if (AudioSpecificConfig.TryParse(input, out AudioSpecificConfig audio))
        {
            Require(audio is { Channels: >= 1 and <= 8, CoreSampleRate: > 0, OutputSampleRate: > 0, FrameLength: > 0 }, "audio has channels and a rate");
        }

        Check(TrackFormat.FromH264(input, input), input);
        Check(TrackFormat.FromH265(input, input, input), input);
    }

    private static void Check(TrackFormat? format, byte[] input)
    {
        if (format is null)
        {
            return;
        }

        Require(format is { Width: > 0 and < 65536, Height: > 0 and < 65536, ReorderDepth: >= 0 and <= 16 }, "a picture has a size");
        Require(double.IsFinite(format.NominalFrameRate) && format.NominalFrameRate >= 0, "a frame rate is a number");
        Require(format.ParameterSets.All(set => set.Span.SequenceEqual(input)), "the configuration gives back the sets");
    }
}
