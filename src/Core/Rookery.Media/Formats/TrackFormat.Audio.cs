// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Buffers.Binary;
using Rookery.Media.Bitstream;

namespace Rookery.Media;

public sealed partial record TrackFormat
{
    /// <summary>Makes the format of an AAC track.</summary>
    /// <param name="audioSpecificConfig">As in the <c>config</c> of RFC 3640.</param>
    /// <param name="timescale">RTP clock rate; 0 takes the output sampling rate.</param>
    /// <returns><c>null</c> when the configuration cannot be read.</returns>
    public static TrackFormat? FromAac(ReadOnlySpan<byte> audioSpecificConfig, int timescale = 0)
    {
        if (!AudioSpecificConfig.TryParse(audioSpecificConfig, out AudioSpecificConfig config))
        {
            return null;
        }

        return new TrackFormat
        {
            Codec = Codec.Aac,
            Timescale = timescale > 0 ? timescale : config.OutputSampleRate,
            CodecPrivate = audioSpecificConfig.ToArray(),
            Channels = config.Channels,
            SampleRate = config.OutputSampleRate,
        };
    }

    /// <param name="codec"><see cref="Codec.Pcmu"/> or <see cref="Codec.Pcma"/>.</param>
    /// <param name="sampleRate">Hz; 8000 but for a few cameras.</param>
    /// <param name="channels">1 to 8, interleaved octet by octet.</param>
    public static TrackFormat FromG711(Codec codec, int sampleRate = 8000, int channels = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(codec is Codec.Pcmu or Codec.Pcma, other: true, nameof(codec));
        return new TrackFormat { Codec = codec, Timescale = sampleRate, Channels = channels, SampleRate = sampleRate };
    }

    /// <summary>Opus in RTP always runs at 48 kHz, whatever was recorded (RFC 7587 §4.1).</summary>
    /// <param name="channels">1 or 2: RTP without mapping tables knows no more.</param>
    public static TrackFormat FromOpus(int channels)
    {
        // The payload of dOps: version, channels, pre-skip, input sampling rate, gain, mapping family. Live streams need no pre-skip.
        byte[] configuration = new byte[11];
        configuration[1] = (byte)channels;
        BinaryPrimitives.WriteUInt32BigEndian(configuration.AsSpan(4), 48000);
        return new TrackFormat
        {
            Codec = Codec.Opus, Timescale = 48000, Channels = channels, SampleRate = 48000, CodecPrivate = configuration,
        };
    }

    /// <summary>Scene descriptions and events as XML (ONVIF Streaming Specification §5.1.2.1.1).</summary>
    public static TrackFormat FromOnvifMetadata(int timescale = VideoTimescale) => new() { Codec = Codec.OnvifMetadata, Timescale = timescale };

    /// <summary>Motion JPEG of one picture size.</summary>
    public static TrackFormat FromJpeg(int width, int height) =>
        new() { Codec = Codec.Jpeg, Timescale = VideoTimescale, Width = width, Height = height };
}
