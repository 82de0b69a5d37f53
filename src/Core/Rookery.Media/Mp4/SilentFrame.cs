// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Media.Mp4;

/// <summary>A coded audio frame in which nothing is heard, to stand where a camera sent none.</summary>
public static class SilentFrame
{
    /// <summary>Bits of a single_channel_element or half a channel_pair_element in which nothing is coded.</summary>
    private const int SilentStreamBits = 8 + 11 + 3;

    private const int SingleChannelElement = 0;
    private const int ChannelPairElement = 1;
    private const int EndElement = 7;

    /// <summary>Opus, configuration 31: CELT, full band, frames of 20 ms (RFC 6716 §3.1).</summary>
    private const byte OpusFullBand20Ms = 31 << 3;

    private const byte OpusStereo = 4;

    /// <returns>Empty where silence cannot be said in a few bytes: more than two channels, or another codec.</returns>
    public static ReadOnlyMemory<byte> Of(TrackFormat format) => format switch
    {
        { Codec: Codec.Aac, Channels: 1 or 2 } => Aac(format.Channels),
        // One frame of no bytes: the decoder conceals it, which after some frames is silence (RFC 6716 §3.2.1, §4.4).
        { Codec: Codec.Opus, Channels: 1 or 2 } => new[] { (byte)(OpusFullBand20Ms | (format.Channels == 2 ? OpusStereo : 0)) },
        _ => default,
    };

    /// <summary>raw_data_block() of ISO/IEC 14496-3 §4.4.2.1 with max_sfb 0: no sections, no scale factors, no spectrum.</summary>
    private static byte[] Aac(int channels)
    {
        BitAppender bits = new();
        bits.Append(channels == 1 ? SingleChannelElement : ChannelPairElement, 3);
        bits.Append(0, 4); // element_instance_tag
        if (channels == 2)
        {
            bits.Append(0, 1); // common_window
        }

        for (int i = 0; i < channels; i++)
        {
            // global_gain 8; ics_info: reserved 1, window_sequence 2, window_shape 1, max_sfb 6, predictor 1; pulse, tns, gain control 1 each.
            bits.Append(0, SilentStreamBits);
        }

        bits.Append(EndElement, 3);
        return bits.ToBytes();
    }

    private sealed class BitAppender
    {
        private readonly List<byte> _bytes = [];
        private int _bits;

        public void Append(int value, int count)
        {
            for (int bit = count - 1; bit >= 0; bit--)
            {
                if (_bits++ % 8 == 0)
                {
                    _bytes.Add(0);
                }

                _bytes[^1] |= (byte)(((value >> bit) & 1) << (7 - ((_bits - 1) % 8)));
            }
        }

        public byte[] ToBytes() => [.. _bytes];
    }
}
