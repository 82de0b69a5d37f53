// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Media;
using Rookery.Media.Bitstream;

namespace Rookery.Fuzz;

/// <summary>The stored form of track formats.</summary>
public sealed class TrackFormatTarget : FuzzTarget
{
    public override string Name => "track-format";

    public override IReadOnlyList<byte[]> Seeds { get; } = [H265(), TrackFormat.FromAac([0x11, 0x90])!.ToBytes(), TrackFormat.FromOpus(2).ToBytes()];

    public override void Run(byte[] input)
    {
        if (TrackFormat.TryParse(input, out TrackFormat? format))
        {
            Require(TrackFormat.TryParse(format.ToBytes(), out TrackFormat? again) && again.Equals(format), "what was read can be stored and read again");
            _ = format.CodecString;
            _ = format.Kind;
            Require(format.ParameterSets.All(set => set.Length > 0), "parameter sets are not empty");
        }
    }

    private static byte[] H265()
    {
        ReadOnlyMemory<byte>[] nals = [.. AnnexB.Split(File.ReadAllBytes(Path.Combine(Fuzzer.TestData, "media", "h265-main-bframes.h265"))).Take(3)];
        return TrackFormat.FromH265(nals[0].Span, nals[1].Span, nals[2].Span)!.ToBytes();
    }
}
