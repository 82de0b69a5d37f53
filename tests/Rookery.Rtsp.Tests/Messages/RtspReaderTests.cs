// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Rookery.Rtsp.Tests.Messages;

public sealed class RtspReaderTests
{
    [Fact]
    public void A_response_with_a_body_is_read_with_its_headers_in_order()
    {
        RtspReader reader = new("RTSP/1.0 200 OK\r\nCSeq: 2\r\nX: a\r\nx: b\r\nContent-Length: 4\r\n\r\nv=0\n"u8, RtspLimits.Default);

        reader.Read().ShouldBe(RtspElement.Message);

        RtspResponse response = reader.Message.ShouldBeOfType<RtspResponse>();
        response.StatusCode.ShouldBe(200);
        response.Reason.ShouldBe("OK");
        response.CSeq.ShouldBe(2u);
        response.Headers.GetAll("X").ShouldBe(["a", "b"]);
        response.Body.Span.SequenceEqual("v=0\n"u8).ShouldBeTrue();
        reader.Read().ShouldBe(RtspElement.NeedMore);
    }

    [Fact]
    public void A_request_is_read()
    {
        RtspReader reader = new("SETUP rtsp://h/a b/trackID=1 RTSP/1.0\r\nCSeq: 3\r\nTransport: RTP/AVP/TCP;interleaved=0-1\r\n\r\n"u8, RtspLimits.Default);

        reader.Read().ShouldBe(RtspElement.Message);

        RtspRequest request = reader.Message.ShouldBeOfType<RtspRequest>();
        request.Method.ShouldBe("SETUP");
        request.Uri.ShouldBe("rtsp://h/a b/trackID=1");
    }

    [Fact]
    public void Frames_and_messages_follow_each_other_in_any_order()
    {
        byte[] bytes = [.. "$\0\0\u0003abc"u8, .. "\r\nRTSP/1.0 200 OK\r\n\r\n"u8, .. "$\u0001\0\0"u8, .. "$\u0002\0"u8];
        RtspReader reader = new(bytes, RtspLimits.Default);

        reader.Read().ShouldBe(RtspElement.Interleaved);
        reader.Channel.ShouldBe((byte)0);
        reader.Data.SequenceEqual("abc"u8).ShouldBeTrue();
        reader.Read().ShouldBe(RtspElement.Message);
        reader.Read().ShouldBe(RtspElement.Interleaved);
        reader.Data.Length.ShouldBe(0);
        reader.Read().ShouldBe(RtspElement.NeedMore);
        reader.ConsumedBytes.ShouldBe(bytes.Length - 3);
    }

    [Theory]
    [InlineData("RTSP/1.0 200\n\n", 200, "")]
    [InlineData("RTSP/1.0  200   Okay then \nA:1\n\n", 200, "Okay then")]
    [InlineData("rtsp/1.0 404 Not Found\r\nCSeq : 1\r\n\r\n", 404, "Not Found")]
    [InlineData("RTSP/2.0 200 OK\r\nno colon here\r\nCSeq:1\r\n\r\n", 200, "OK")]
    [InlineData("\r\n\r\nRTSP/1.0 200 OK\r\nA: 1\r\n folded\r\n\r\n", 200, "OK")]
    public void Oddities_of_devices_are_tolerated(string text, int status, string reason)
    {
        RtspReader reader = new(Encoding.Latin1.GetBytes(text), RtspLimits.Default);

        reader.Read().ShouldBe(RtspElement.Message);

        RtspResponse response = reader.Message.ShouldBeOfType<RtspResponse>();
        response.StatusCode.ShouldBe(status);
        response.Reason.ShouldBe(reason);
    }

    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\r\n", "HTTP")]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n", "SSH")]
    [InlineData("\u0015\u0003\u0003\u0000\u0002", "TLS")]
    [InlineData("<html>", "does not speak RTSP")]
    [InlineData("220 mail.example ESMTP\r\n\r\n", "neither")]
    [InlineData("RTSP/1.0 20 OK\r\n\r\n", "neither")]
    [InlineData("RTSP/1.0 200 OK\r\nContent-Length: -4\r\n\r\n", "Content-Length")]
    [InlineData("RTSP/1.0 200 OK\r\nContent-Length: 99999999999\r\n\r\n", "body")]
    [InlineData("abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz", "does not speak RTSP")]
    public void What_is_not_RTSP_is_named(string text, string word)
    {
        RtspReader reader = new(Encoding.Latin1.GetBytes(text), RtspLimits.Default);

        reader.Read().ShouldBe(RtspElement.Malformed);

        reader.Fault.ShouldContain(word);
        reader.ConsumedBytes.ShouldBe(0);
    }

    [Fact]
    public void Headers_without_end_are_refused_at_the_limit()
    {
        RtspLimits limits = new() { MaxHeaderBytes = 512, MaxHeaders = 8 };
        string few = "RTSP/1.0 200 OK\r\n" + string.Concat(Enumerable.Repeat("A: 1\r\n", 9)) + "\r\n";

        new RtspReader(Encoding.Latin1.GetBytes("RTSP/1.0 200 " + new string('x', 400)), limits).Read().ShouldBe(RtspElement.NeedMore);
        new RtspReader(Encoding.Latin1.GetBytes("RTSP/1.0 200 " + new string('x', 500)), limits).Read().ShouldBe(RtspElement.Malformed);
        new RtspReader(Encoding.Latin1.GetBytes(few), limits).Read().ShouldBe(RtspElement.Malformed);
    }

    /// <summary>Goal: where the network cuts makes no difference. Method: every prefix asks for more, the whole gives the message.</summary>
    [Fact]
    public void Every_prefix_of_a_message_asks_for_more()
    {
        byte[] whole = "RTSP/1.0 401 Unauthorized\r\nCSeq: 1\r\nContent-Length: 3\r\n\r\nabc"u8.ToArray();
        for (int length = 0; length < whole.Length; length++)
        {
            RtspReader reader = new(whole.AsSpan(0, length), RtspLimits.Default);
            reader.Read().ShouldBe(RtspElement.NeedMore, $"at {length}");
            reader.ConsumedBytes.ShouldBe(0);
        }

        new RtspReader(whole, RtspLimits.Default).Read().ShouldBe(RtspElement.Message);
    }

    [Fact]
    public void What_was_formatted_is_parsed_to_the_same()
    {
        Gen<string> token = Gen.Elements("CSeq", "X-A", "Session", "Public", "WWW-Authenticate");
        Gen<string> value = Gen.Elements("1", "a b", "Digest realm=\"\u00e9\u00ff\", nonce=\"x\"", "RTP/AVP;unicast", "");
        Gen<KeyValuePair<string, string>> header = token.SelectMany(name => value.Select(text => new KeyValuePair<string, string>(name, text)));
        Gen<(int Status, KeyValuePair<string, string>[] Headers, byte[] Body)> messages = Gen.Choose(100, 999)
            .SelectMany(status => header.ArrayOf(12).SelectMany(headers => ArbMap.Default.GeneratorFor<byte>().ArrayOf().Select(body => (status, headers, body))));

        Prop.ForAll(messages.ToArbitrary(), message =>
        {
            RtspResponse sent = new(message.Status, "Some Reason") { Body = message.Body };
            foreach ((string name, string text) in message.Headers)
            {
                sent.Headers.Add(name, text);
            }

            RtspReader reader = new(sent.ToBytes(), RtspLimits.Default);
            reader.Read().ShouldBe(RtspElement.Message);
            RtspResponse back = reader.Message.ShouldBeOfType<RtspResponse>();
            back.StatusCode.ShouldBe(sent.StatusCode);
            back.Headers.Where(h => h.Key != "Content-Length").ShouldBe(message.Headers);
            back.Body.ToArray().ShouldBe(message.Body);
            return true;
        }).Check(Config.QuickThrowOnFailure.WithReplay(1, 1).WithMaxTest(200));
    }

    [Fact]
    public void A_header_that_would_smuggle_a_line_is_refused()
    {
        Should.Throw<ArgumentException>(() => new RtspHeaders { { "A", "1\r\nB: 2" } });
        Should.Throw<ArgumentException>(() => new RtspRequest("DESCRIBE", "rtsp://h/\r\nX: y").ToBytes());
    }
}
