// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Text;
using Rookery.Foundation;
using Rookery.Recording;
using Rookery.Recording.Playback.Hls;

namespace Rookery.Fuzz;

/// <summary>Addresses of HLS segments, which anybody may make up: refused, or within their bounds and the same after writing and reading.</summary>
public sealed class HlsAddressTarget : FuzzTarget
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    public override string Name => "hls-address";

    public override IReadOnlyList<byte[]> Seeds { get; } =
    [
        Bytes(new HlsSegmentPart(StreamRole.Main, 0, 3, -7, 360_000, 7)),
        Bytes(new(StreamRole.Main, 0, 1UL << 40, 1L << 33, 360_000, -(1L << 33)), new(StreamRole.Sub, 1, ulong.MaxValue, 5, 192_000, 0)),
    ];

    /// <summary>Half of the neighbours stay inside the alphabet, since everything else ends at the first check.</summary>
    public override byte[] Mutate(Random random, byte[] input)
    {
        byte[] output = base.Mutate(random, input);
        return random.Next(2) == 0 ? output : [.. output.Select(value => (byte)Alphabet[value % Alphabet.Length])];
    }

    public override void Run(byte[] input)
    {
        if (!HlsSegmentAddress.TryParse(Encoding.Latin1.GetString(input), out HlsSegmentAddress? address))
        {
            return;
        }

        Require(address.Parts.Count is >= 1 and <= HlsSegmentAddress.MaximumParts, "parts are bounded");
        Require(address.Wall.Duration >= TimeSpan.Zero && address.Wall.Duration <= TimeSpan.FromHours(1), "the interval is bounded");
        Require(HlsSegmentAddress.TryParse(address.ToString(), out HlsSegmentAddress? again), "what was read can be written and read");
        Require(again!.Wall == address.Wall && again.Parts.SequenceEqual(address.Parts), "and stays the same");
    }

    private static byte[] Bytes(params HlsSegmentPart[] parts)
    {
        WallTime start = new(1_800_000_000_000_000);
        return Encoding.Latin1.GetBytes(new HlsSegmentAddress(new(start, start + TimeSpan.FromSeconds(5)), parts).ToString());
    }
}
