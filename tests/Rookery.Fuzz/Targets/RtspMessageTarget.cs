// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Text;
using Rookery.Rtsp;

namespace Rookery.Fuzz;

/// <summary>RTSP messages and interleaved frames, with the headers that are taken apart further.</summary>
public sealed class RtspMessageTarget : FuzzTarget
{
    private static readonly string[] Pieces =
    [
        "\r\n", "\r\n\r\n", "\n\n", "$", "RTSP/1.0 ", " RTSP/1.0\r\n", "Content-Length: 4\r\n", "Content-Length: 99999999999\r\n", "CSeq: 4294967296\r\n",
        "Session: ;timeout=\r\n", "Transport: RTP/AVP/TCP;interleaved=255-256;ssrc=FFFFFFFFF\r\n", "RTP-Info: url=,url=;seq=65536\r\n", "WWW-Authenticate: Digest realm=\"\\\", nonce=\r\n", ",", "=", "\"", "\0",
    ];

    public override string Name => "rtsp-message";

    public override IReadOnlyList<byte[]> Seeds { get; } =
    [
        [.. "RTSP/1.0 401 Unauthorized\r\nCSeq: 2\r\nWWW-Authenticate: Digest realm=\"a, b\", nonce=\"n\", qop=\"auth,auth-int\", algorithm=SHA-256, Basic realm=\"x\"\r\n\r\n"u8],
        [.. "$\0\0\u0004abcdRTSP/1.0 200 OK\r\nCSeq: 3\r\nSession: 12;timeout=60\r\nTransport: RTP/AVP/TCP;unicast;interleaved=0-1;ssrc=0A0B0C0D;mode=\"PLAY\"\r\n\r\n$\u0001\0\0"u8],
        [.. "DESCRIBE rtsp://h/a RTSP/1.0\r\nCSeq: 1\r\nRTP-Info: url=rtsp://h/a,b/1;seq=1;rtptime=2, url=x\r\nContent-Length: 3\r\n\r\nabc"u8],
    ];

    public override byte[] Mutate(Random random, byte[] input)
    {
        if (random.Next(2) == 0)
        {
            return base.Mutate(random, input);
        }

        byte[] piece = Encoding.Latin1.GetBytes(Pieces[random.Next(Pieces.Length)]);
        int at = random.Next(input.Length + 1);
        return [.. input[..at], .. piece, .. input[at..]];
    }

    public override void Run(byte[] input)
    {
        RtspReader reader = new(input, RtspLimits.Default);
        while (true)
        {
            int before = reader.ConsumedBytes;
            switch (reader.Read())
            {
                case RtspElement.Interleaved:
                    Require(reader.ConsumedBytes == before + reader.Data.Length + InterleavedFrame.HeaderBytes || reader.ConsumedBytes > before, "a frame is consumed whole");
                    break;
                case RtspElement.Message:
                    Require(reader.ConsumedBytes > before, "a message consumes bytes");
                    Check(reader.Message!);
                    break;
                case RtspElement.NeedMore:
                    Require(input.Length - reader.ConsumedBytes < RtspLimits.Default.MaxElementBytes, "what is waited for is bounded");
                    return;
                default:
                    Require(reader.Fault.Length > 0, "a fault has a name");
                    int skip = 1 + RtspResync.Find(input.AsSpan(reader.ConsumedBytes + 1), channelsInUse: 4);
                    reader.Skip(skip);
                    break;
            }
        }
    }

    private static void Check(RtspMessage message)
    {
        RtspReader again = new(message.ToBytes(), RtspLimits.Default with { MaxHeaderBytes = 1 << 20 });
        Require(again.Read() == RtspElement.Message && again.Message!.Body.Span.SequenceEqual(message.Body.Span), "what was read can be written and read again");
        _ = SessionHeader.TryParse(message.Headers["Session"], out _);
        foreach (TransportSpec spec in TransportSpec.ParseAll(message.Headers["Transport"]))
        {
            Require(spec.Interleaved is not { } pair || (pair.First <= 255 && pair.Second <= 255), "channels fit their octet");
        }

        _ = RtpInfoStream.ParseAll(message.Headers["RTP-Info"]);
        if (message is RtspResponse response)
        {
            RtspClientAuth auth = new(new RtspCredentials("user", "password"), () => "c");
            if (auth.Challenge(response, attempt: 0) == ChallengeOutcome.Retry)
            {
                new RtspHeaders().Add("Authorization", auth.Authorize("DESCRIBE", "rtsp://h/a")!);
            }
        }
    }
}
