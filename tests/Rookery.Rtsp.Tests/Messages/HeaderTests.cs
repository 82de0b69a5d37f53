// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Rtsp.Tests.Messages;

public sealed class HeaderTests
{
    [Theory]
    [InlineData("RTP/AVP/TCP;unicast;interleaved=0-1", true, 0, 1)]
    [InlineData("RTP/AVP;unicast;interleaved=2", true, 2, 3)]
    [InlineData("rtp/avp/tcp; unicast; interleaved = 4-5 ;ssrc=  12AB; mode=\"play\"", true, 4, 5)]
    public void Interleaved_channels_are_read(string text, bool tcp, int first, int second)
    {
        TransportSpec spec = TransportSpec.ParseAll(text).ShouldHaveSingleItem();

        spec.IsTcp.ShouldBe(tcp);
        spec.Interleaved.ShouldBe(new NumberPair(first, second));
    }

    [Fact]
    public void Ports_source_and_ssrc_are_read()
    {
        TransportSpec spec = TransportSpec.ParseAll("RTP/AVP/UDP;unicast;client_port=5000-5001;server_port=6970-6971;source=192.0.2.7;ssrc=0000ABCD").ShouldHaveSingleItem();

        spec.IsTcp.ShouldBeFalse();
        spec.ClientPort.ShouldBe(new NumberPair(5000, 5001));
        spec.ServerPort.ShouldBe(new NumberPair(6970, 6971));
        spec.Source.ShouldBe("192.0.2.7");
        spec.Ssrc.ShouldBe(0xABCDu);
    }

    [Fact]
    public void A_transport_is_formatted_to_what_is_parsed()
    {
        TransportSpec spec = new() { IsTcp = true, Interleaved = new(6, 7), Ssrc = 0xDEADBEEF, Mode = "PLAY" };

        spec.ToString().ShouldBe("RTP/AVP/TCP;unicast;interleaved=6-7;ssrc=DEADBEEF;mode=\"PLAY\"");
        TransportSpec.ParseAll(spec.ToString()).ShouldHaveSingleItem().ShouldBe(spec);
    }

    [Theory]
    [InlineData("")]
    [InlineData(";;;")]
    [InlineData("RTP/AVP/TCP;interleaved=999-1000")]
    [InlineData("RTP/AVP;client_port=99999999999999999999")]
    [InlineData("RTP/AVP;ssrc=zz")]
    public void Nonsense_in_a_transport_is_left_out(string text) =>
        TransportSpec.ParseAll(text).ShouldAllBe(spec => spec.Interleaved == null && spec.ClientPort == null && spec.Ssrc == null);

    [Theory]
    [InlineData("12345678", "12345678", null)]
    [InlineData("a1;timeout=30", "a1", 30)]
    [InlineData("a1; Timeout = \"90\"", "a1", 90)]
    [InlineData("a1;timeout=", "a1", null)]
    [InlineData("a1;timeout=0", "a1", null)]
    public void A_session_is_read(string text, string id, int? seconds)
    {
        SessionHeader.TryParse(text, out SessionHeader header).ShouldBeTrue();

        header.Id.ShouldBe(id);
        header.Timeout.ShouldBe(seconds is { } s ? TimeSpan.FromSeconds(s) : null);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ;timeout=30")]
    public void A_session_without_an_id_is_none(string? text) => SessionHeader.TryParse(text, out _).ShouldBeFalse();

    [Fact]
    public void Streams_of_RTP_Info_are_read_also_when_their_URLs_hold_commas()
    {
        IReadOnlyList<RtpInfoStream> streams = RtpInfoHeader("url=rtsp://h/a,b/1;seq=7;rtptime=9, url=trackID=2;rtptime=4294967295,url=x;seq=70000");

        streams.ShouldBe(
        [
            new("rtsp://h/a,b/1", 7, 9),
            new("trackID=2", null, uint.MaxValue),
            new("x", null, null),
        ]);
    }

    private static IReadOnlyList<RtpInfoStream> RtpInfoHeader(string text) => RtpInfoStream.ParseAll(text);
}
