// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Media.Tests.Rtp;

namespace Rookery.Media.Tests.Formats;

public sealed class TrackFormatTests
{
    private static readonly TrackFormat[] All =
    [
        Clip.H264("h264-main-bframes.h264").Format, Clip.H265("h265-main-bframes.h265").Format, TrackFormat.FromAac([0x11, 0x90])!,
        TrackFormat.FromG711(Codec.Pcma), TrackFormat.FromOpus(1), TrackFormat.FromJpeg(640, 480), TrackFormat.FromOnvifMetadata(),
    ];

    [Fact]
    public void The_stored_form_stays_what_it_was()
    {
        TrackFormat format = NalRoundTripTests.Load("h265-main-bframes.h265").Format;
        format.ToBytes().ShouldBe(TestData.Media("track-format-h265.bin"));
    }

    [Fact]
    public void Every_format_is_stored_and_read_again()
    {
        foreach (TrackFormat format in All)
        {
            TrackFormat.TryParse(format.ToBytes(), out TrackFormat? again).ShouldBeTrue();
            again.ShouldBe(format);
            again!.GetHashCode().ShouldBe(format.GetHashCode());
        }
    }

    [Fact]
    public void Cut_lengthened_and_foreign_bytes_are_refused()
    {
        foreach (TrackFormat format in All)
        {
            byte[] bytes = format.ToBytes();
            for (int length = 0; length < bytes.Length; length++)
            {
                TrackFormat.TryParse(bytes.AsSpan(0, length), out _).ShouldBeFalse();
            }

            TrackFormat.TryParse([.. bytes, 0], out _).ShouldBeFalse();
            TrackFormat.TryParse([2, .. bytes[1..]], out _).ShouldBeFalse("another version");
            TrackFormat.TryParse([bytes[0], 99, .. bytes[2..]], out _).ShouldBeFalse("another codec");
        }
    }

    [Fact]
    public void Codecs_have_the_names_that_players_know() =>
        All.Select(format => format.CodecString).ShouldBe(["avc1.64000C", "hvc1.1.6.L60.90", "mp4a.40.2", "alaw", "opus", "mjpg", "metx"]);
}
