// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Media;

/// <summary>Everything a player needs to know of a track before its first access unit. Immutable; equal when all fields are equal.</summary>
public sealed partial record TrackFormat
{
    public required Codec Codec { get; init; }

    /// <summary>Units of media time in a second: 90000 for video, the sampling rate for audio (the RTP clock rate).</summary>
    public required int Timescale { get; init; }

    /// <summary>
    /// The codec's own description as MP4 stores it: AVCDecoderConfigurationRecord (ISO/IEC 14496-15 §5.3.3.1), HEVCDecoderConfigurationRecord (§8.3.3.1),
    /// AudioSpecificConfig (ISO/IEC 14496-3 §1.6.2.1), the payload of <c>dOps</c> for Opus; empty for G.711, JPEG and metadata.
    /// </summary>
    public ReadOnlyMemory<byte> CodecPrivate { get; init; }

    /// <summary>Picture size in pixels after cropping; 0 for other media.</summary>
    public int Width { get; init; }

    public int Height { get; init; }

    /// <summary>Audio channels and sampling rate in Hz; 0 for other media.</summary>
    public int Channels { get; init; }

    public int SampleRate { get; init; }

    /// <summary>Pictures per second by the parameter sets; 0 when they do not say.</summary>
    public double NominalFrameRate { get; init; }

    /// <summary>Pictures that may precede another in decoding order and follow it in output order; 0 means presentation time is decode time.</summary>
    public int ReorderDepth { get; init; }

    public TrackKind Kind => Codec switch
    {
        Codec.H264 or Codec.H265 or Codec.Jpeg => TrackKind.Video,
        Codec.OnvifMetadata => TrackKind.Metadata,
        _ => TrackKind.Audio,
    };

    public bool Equals(TrackFormat? other) =>
        other is not null && Codec == other.Codec && Timescale == other.Timescale && Width == other.Width && Height == other.Height
        && Channels == other.Channels && SampleRate == other.SampleRate && NominalFrameRate.Equals(other.NominalFrameRate)
        && ReorderDepth == other.ReorderDepth && CodecPrivate.Span.SequenceEqual(other.CodecPrivate.Span);

    public override int GetHashCode()
    {
        HashCode hash = default;
        hash.Add(Codec);
        hash.Add(Timescale);
        hash.AddBytes(CodecPrivate.Span);
        return hash.ToHashCode();
    }
}
