// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Farm.Packing;
using Rookery.Media;

namespace Rookery.Farm.Clips;

/// <summary>A tone of 400 Hz in G.711 µ-law (ITU-T G.711), half a second in every second, so that one can hear that time passes.</summary>
internal static class Tone
{
    private const int SampleRate = 8000;
    private const int UnitSamples = SampleRate / 50;
    private const int Frequency = 400;
    private const double Amplitude = 6000;

    public static ClipTrack? Make(long loopTicks)
    {
        TrackFormat format = new() { Codec = Codec.Pcmu, Timescale = SampleRate, SampleRate = SampleRate, Channels = 1 };
        int count = (int)(loopTicks * SampleRate / Clip.LoopTimescale / UnitSamples);
        SourceUnit[] units = new SourceUnit[count];
        for (int i = 0; i < count; i++)
        {
            byte[] data = new byte[UnitSamples];
            for (int j = 0; j < UnitSamples; j++)
            {
                int sample = (i * UnitSamples) + j;
                bool isOn = sample / (SampleRate / 2) % 2 == 0;
                data[j] = Encode(isOn ? (int)(Amplitude * Math.Sin(2 * Math.PI * Frequency * sample / SampleRate)) : 0);
            }

            units[i] = new(i * (long)UnitSamples, 0, IsRandomAccess: true, data);
        }

        return ClipPacker.Pack(format, SampleRate, units, loopTicks);
    }

    /// <summary>µ-law of a 16-bit sample: sign, 3 bits of segment, 4 bits of step, all inverted.</summary>
    internal static byte Encode(int sample)
    {
        // 33 steps of 14-bit G.711, in 16-bit units; it makes the segments powers of two.
        const int bias = 132;
        const int clip = 32635;
        int sign = sample < 0 ? 0x80 : 0;
        int magnitude = Math.Min(Math.Abs(sample), clip) + bias;
        int segment = int.Log2(magnitude) - 7;
        return (byte)~(sign | (segment << 4) | ((magnitude >> (segment + 3)) & 0x0F));
    }
}
