// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Media.Bitstream;

namespace Rookery.Media.Tests.Bitstream;

/// <summary>Expected values are what ffprobe says of the same files.</summary>
public sealed class ParameterSetTests
{
    [Theory]
    [InlineData("h264-main-bframes.h264", 320, 180, 25.0, 2, "avc1.64000C")]
    [InlineData("h264-baseline-slices-aud.h264", 318, 178, 30000.0 / 1001, 0, "avc1.42C00D")]
    [InlineData("h264-interlaced.h264", 320, 192, 25.0, 2, "avc1.640015")]
    [InlineData("h264-open-gop.h264", 320, 180, 25.0, 2, "avc1.64000C")]
    [InlineData("h265-main-bframes.h265", 320, 180, 25.0, 2, "hvc1.1.6.L60.90")]
    [InlineData("h265-main10-aud.h265", 322, 182, 25.0, 0, "hvc1.2.4.L60.90")]
    public void Formats_of_files_by_x264_and_x265_are_read(string file, int width, int height, double rate, int reorder, string codec)
    {
        TrackFormat format = Rtp.NalRoundTripTests.Load(file).Format;

        (format.Width, format.Height, format.ReorderDepth, format.CodecString).ShouldBe((width, height, reorder, codec));
        format.NominalFrameRate.ShouldBe(rate, 1e-9);
        TrackFormat.TryParse(format.ToBytes(), out TrackFormat? stored).ShouldBeTrue();
        stored.ShouldBe(format);
    }

    [Fact]
    public void Parameter_sets_go_into_the_configuration_and_out_again()
    {
        List<byte[]> nals = TestData.Nals("h265-main-bframes.h265");
        TrackFormat format = Clip.H265("h265-main-bframes.h265").Format;

        format.ParameterSets.Select(nal => Convert.ToHexString(nal.Span)).ShouldBe(nals.Take(3).Select(Convert.ToHexString));
    }

    [Fact]
    public void Spoilt_parameter_sets_are_refused_or_read_and_never_throw()
    {
        foreach (string file in (string[])["h264-main-bframes.h264", "h264-interlaced.h264", "h265-main-bframes.h265", "h265-main10-aud.h265"])
        {
            foreach (byte[] set in TestData.Nals(file).Take(4))
            {
                for (int bit = 0; bit < set.Length * 8; bit++)
                {
                    byte[] flipped = [.. set];
                    flipped[bit / 8] ^= (byte)(0x80 >> (bit % 8));
                    Check(flipped);
                    Check(set[..(bit / 8)]);
                }
            }
        }

        static void Check(byte[] nal)
        {
            if (H264Sps.TryParse(nal, out H264Sps? avc))
            {
                (avc!.Width > 0 && avc.Height > 0 && avc.ReorderDepth <= 16 && avc.FrameRate >= 0).ShouldBeTrue();
            }

            if (H265Sps.TryParse(nal, out H265Sps? hevc))
            {
                (hevc!.Width > 0 && hevc.Height > 0 && hevc.ReorderDepth <= 16 && hevc.FrameRate >= 0).ShouldBeTrue();
            }
        }
    }

    [Theory]
    [InlineData("1190", 2, 48000, 48000, 2)]
    [InlineData("1408", 2, 16000, 16000, 1)]
    [InlineData("1588", 2, 8000, 8000, 1)]
    [InlineData("2B098800", 5, 24000, 48000, 1)]
    [InlineData("EB098800", 29, 24000, 48000, 1)]
    public void Audio_configurations_are_read(string hex, int type, int core, int output, int channels)
    {
        AudioSpecificConfig.TryParse(Convert.FromHexString(hex), out AudioSpecificConfig config).ShouldBeTrue();
        config.ShouldBe(new AudioSpecificConfig(type, core, output, channels, 1024));
    }

    [Fact]
    public void An_aac_configuration_is_made_for_every_rate_of_the_table()
    {
        AudioSpecificConfig.ForAacLc(48000, 2).ShouldBe([0x11, 0x90]);
        AudioSpecificConfig.ForAacLc(12345, 2).ShouldBeEmpty();
    }
}
