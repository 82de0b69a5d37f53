// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Media.Mp4;

/// <summary>How long an access unit lasts when nothing comes after it to tell.</summary>
public static class NominalDuration
{
    /// <summary>Pictures a second when the parameter sets do not say: the usual rate of cameras.</summary>
    private const double UsualFrameRate = 25;

    /// <summary>Opus and unknown audio: 20 ms, what nearly every sender uses.</summary>
    private const int UsualAudioPacketsPerSecond = 50;

    /// <summary>Samples in one AAC frame (ISO/IEC 14496-3 §4.5.2.1.1).</summary>
    private const long AacFrameSamples = 1024;

    /// <returns>At least 1, in units of <paramref name="timescale"/>.</returns>
    public static uint Of(TrackFormat format, uint timescale, int sizeBytes)
    {
        double seconds = format.Codec switch
        {
            Codec.Aac when format.SampleRate > 0 => (double)AacFrameSamples / format.SampleRate,
            Codec.Pcmu or Codec.Pcma when format.SampleRate > 0 => (double)sizeBytes / Math.Max(1, format.Channels) / format.SampleRate,
            _ when format.Kind == TrackKind.Audio => 1.0 / UsualAudioPacketsPerSecond,
            _ => 1 / (format.NominalFrameRate > 0 ? format.NominalFrameRate : UsualFrameRate),
        };
        return (uint)Math.Clamp(Math.Round(seconds * timescale), 1, uint.MaxValue);
    }
}
