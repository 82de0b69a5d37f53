// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Text;
using Rookery.Media;
using Rookery.Media.Rtp;

namespace Rookery.Rtsp.Tests.Sdp;

public sealed class SdpTests
{
    private const string Camera =
        """
        v=0
        o=- 1109162014219182 1109162014219192 IN IP4 x.y.z.w
        s=Media Presentation
        c=IN IP4 0.0.0.0
        b=AS:5050
        t=0 0
        a=control:rtsp://192.0.2.9/Streaming/Channels/101/
        m=video 0 RTP/AVP 96
        c=IN IP4 0.0.0.0
        b=AS:5000
        a=recvonly
        a=control:rtsp://192.0.2.9/Streaming/Channels/101/trackID=1
        a=rtpmap:96 H264/90000
        a=fmtp:96 profile-level-id=420029; packetization-mode=1; sprop-parameter-sets=Z00AKpY1QPAET8s3AQEBQAAA+gAAHUwh,aO48gA==
        a=Media_header:MEDIAINFO=494D4B48;
        a=appversion:1.0
        m=audio 0 RTP/AVP 104
        a=rtpmap:104 mpeg4-generic/16000/1
        a=fmtp:104 profile-level-id=15; streamtype=5; mode=AAC-hbr; config=1408;SizeLength=13; IndexLength=3; IndexDeltaLength=3;
        a=control:trackID=2
        m=application 0/1 RTP/AVP 107
        a=rtpmap:107 vnd.onvif.metadata/90000
        """;

    [Fact]
    public void A_camera_with_three_tracks_is_understood()
    {
        SdpParser.TryParse(Encoding.UTF8.GetBytes(Camera), out SessionDescription session).ShouldBeTrue();

        session.Control.ShouldBe("rtsp://192.0.2.9/Streaming/Channels/101/");
        session.Media.Select(m => m.Kind).ShouldBe(["video", "audio", "application"]);
        session.Media[0].BandwidthKbps.ShouldBe(5000);
        RtpPayloadFormat video = SdpPayloads.Of(session.Media[0]).ShouldHaveSingleItem();
        video.Codec.ShouldBe(Codec.H264);
        video.ClockRate.ShouldBe(90000);
        video.Parameters["Sprop-Parameter-Sets"].ShouldBe("Z00AKpY1QPAET8s3AQEBQAAA+gAAHUwh,aO48gA==");
        RtpPayloadFormat audio = SdpPayloads.Of(session.Media[1]).ShouldHaveSingleItem();
        (audio.Codec, audio.ClockRate, audio.Channels).ShouldBe((Codec.Aac, 16000, 1));
        audio.Parameters["sizelength"].ShouldBe("13");
        SdpPayloads.Of(session.Media[2])[0].Codec.ShouldBe(Codec.OnvifMetadata);
    }

    [Theory]
    [InlineData("m=audio 0 RTP/AVP 0", Codec.Pcmu, 8000)]
    [InlineData("m=audio 0 RTP/AVP 8\na=rtpmap:8 PCMA", Codec.Pcma, 8000)]
    [InlineData("m=audio 0 RTP/AVP 8\na=rtpmap:8 pcma/16000", Codec.Pcma, 16000)]
    [InlineData("m=video 0 RTP/AVP 26", Codec.Jpeg, 90000)]
    [InlineData("m=video 0 RTP/AVP 96\na=rtpmap:96 h264", Codec.H264, 90000)]
    [InlineData("m=video 0 RTP/AVP 96\na=rtpmap: 96   H265/90000", Codec.H265, 90000)]
    [InlineData("m=video 0 RTP/AVP 96\na=fmtp:96 packetization-mode=1", Codec.H264, 90000)]
    [InlineData("m=video 0 RTP/AVP 96\na=fmtp:96 sprop-vps=QAE=;sprop-sps=x", Codec.H265, 90000)]
    [InlineData("m=audio 0 RTP/AVP 111\na=rtpmap:111 opus/48000/2", Codec.Opus, 48000)]
    [InlineData("m=video 0 RTP/AVP 98\na=rtpmap:98 VP8/90000", null, 90000)]
    [InlineData("m=video 0 RTP/AVP 98", null, 90000)]
    public void Payloads_are_known_by_their_map_by_their_number_or_by_their_parameters(string lines, Codec? codec, int clockRate)
    {
        SdpParser.TryParse(Encoding.UTF8.GetBytes(lines), out SessionDescription session).ShouldBeTrue();

        RtpPayloadFormat payload = SdpPayloads.Of(session.Media[0]).ShouldHaveSingleItem();
        payload.Codec.ShouldBe(codec);
        payload.ClockRate.ShouldBe(clockRate);
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r")]
    [InlineData("\r\n")]
    [InlineData("\n\n \r\n")]
    public void Any_line_end_will_do(string lineEnd)
    {
        string text = string.Join(lineEnd, "v=0", "m=video 0 RTP/AVP 26", "a=control:t1", "junk", "a=recvonly\0m=audio");

        SdpParser.TryParse(Encoding.UTF8.GetBytes(text), out SessionDescription session).ShouldBeTrue();

        session.Media.ShouldHaveSingleItem().Control.ShouldBe("t1");
    }

    [Theory]
    [InlineData("")]
    [InlineData("v=0\r\ns=x\r\n")]
    [InlineData("m=video")]
    [InlineData("<html></html>")]
    public void A_text_without_media_is_refused(string text) =>
        SdpParser.TryParse(Encoding.UTF8.GetBytes(text), out _).ShouldBeFalse();

    [Fact]
    public void Attributes_of_a_medium_that_cannot_be_read_do_not_leak_into_another()
    {
        SdpParser.TryParse("m=audio 0 RTP/AVP 0\na=control:1\nm=broken\na=control:2\nb=AS:9\n"u8, out SessionDescription session).ShouldBeTrue();

        session.Media.ShouldHaveSingleItem().Attributes.ShouldBe([new("control", "1")]);
        session.Media[0].BandwidthKbps.ShouldBeNull();
    }

    [Fact]
    public void What_was_formatted_is_parsed_to_the_same()
    {
        SdpParser.TryParse(Encoding.UTF8.GetBytes(Camera), out SessionDescription first).ShouldBeTrue();

        SdpParser.TryParse(SdpFormatter.Format(first), out SessionDescription second).ShouldBeTrue();

        SdpFormatter.Format(second).ShouldBe(SdpFormatter.Format(first));
        second.Media.Count.ShouldBe(3);
    }
}
