// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Media.Bitstream;

/// <summary>What Rookery needs of an AAC configuration (ISO/IEC 14496-3 §1.6.2.1).</summary>
/// <param name="ObjectType">Audio object type: 2 is AAC-LC, 5 SBR, 29 parametric stereo. With explicit SBR this is 5 or 29.</param>
/// <param name="CoreSampleRate">Sampling rate of the AAC core in Hz.</param>
/// <param name="OutputSampleRate">Sampling rate after explicit spectral band replication; else that of the core.</param>
/// <param name="Channels">1 to 8.</param>
/// <param name="FrameLength">Samples of the core in one frame: 1024 or 960 (480 or 512 for low delay).</param>
public readonly record struct AudioSpecificConfig(int ObjectType, int CoreSampleRate, int OutputSampleRate, int Channels, int FrameLength)
{
    private static ReadOnlySpan<int> SampleRates => [96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350];

    public static bool TryParse(ReadOnlySpan<byte> bytes, out AudioSpecificConfig config)
    {
        BitReader reader = new(bytes);
        return TryParse(ref reader, out config);
    }

    internal static bool TryParse(ref BitReader reader, out AudioSpecificConfig config)
    {
        config = default;
        int objectType = ReadObjectType(ref reader);
        int coreRate = ReadSampleRate(ref reader);
        uint channelConfiguration = reader.Bits(4);
        int outputRate = coreRate;
        int coreType = objectType;
        if (objectType is 5 or 29)
        {
            outputRate = ReadSampleRate(ref reader);
            coreType = ReadObjectType(ref reader);
        }

        bool shortFrame = reader.Flag();
        int frameLength = coreType is 23 or 39 ? (shortFrame ? 480 : 512) : (shortFrame ? 960 : 1024);
        // Configuration 0 means a program config element, which no camera sends; 7 means 7.1.
        int channels = channelConfiguration switch { >= 1 and <= 6 => (int)channelConfiguration, 7 => 8, _ => 0 };
        if (reader.IsPastEnd || channels == 0 || coreRate <= 0 || outputRate <= 0)
        {
            return false;
        }

        config = new AudioSpecificConfig(objectType, coreRate, outputRate, channels, frameLength);
        return true;
    }

    /// <summary>AAC-LC, two bytes.</summary>
    /// <returns>Empty when the rate is not one of the thirteen of the table, or the channels are not 1 to 6 or 8.</returns>
    public static byte[] ForAacLc(int sampleRate, int channels)
    {
        int index = SampleRates.IndexOf(sampleRate);
        int configuration = channels is >= 1 and <= 6 ? channels : channels == 8 ? 7 : 0;
        return index < 0 || configuration == 0 ? [] : [(byte)((2 << 3) | (index >> 1)), (byte)((index << 7) | (configuration << 3))];
    }

    private static int ReadObjectType(ref BitReader reader)
    {
        uint type = reader.Bits(5);
        return type == 31 ? 32 + (int)reader.Bits(6) : (int)type;
    }

    private static int ReadSampleRate(ref BitReader reader)
    {
        uint index = reader.Bits(4);
        return index == 15 ? (int)reader.Bits(24) : index < SampleRates.Length ? SampleRates[(int)index] : 0;
    }
}
