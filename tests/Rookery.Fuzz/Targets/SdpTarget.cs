// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Text;
using Rookery.Media.Rtp;
using Rookery.Rtsp;

namespace Rookery.Fuzz;

/// <summary>Session descriptions, and the choice of tracks from them.</summary>
public sealed class SdpTarget : FuzzTarget
{
    private static readonly string[] Pieces =
    [
        "\r\n", "\n", "m=video 0 RTP/AVP 96\r\n", "m=audio 0/9 RTP/AVP 0 8 200 x\r\n", "m=\r\n", "a=rtpmap:96 H264/0\r\n", "a=rtpmap:96 /\r\n", "a=rtpmap:0 PCMU/8000/255\r\n",
        "a=fmtp:96 ;;=;a;a=b;a=c\r\n", "a=control:\r\n", "a=control:rtsp://\r\n", "a=control:*\r\n", "b=AS:99999999999\r\n", "\0", "=", ":", "/",
    ];

    public override string Name => "sdp";

    public override IReadOnlyList<byte[]> Seeds { get; } =
    [
        [.. "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=x\r\nc=IN IP4 0.0.0.0\r\nt=0 0\r\na=control:*\r\nm=video 0 RTP/AVP 96\r\nb=AS:5000\r\na=rtpmap:96 H264/90000\r\na=fmtp:96 packetization-mode=1; sprop-parameter-sets=Z0IAHg==,aM4=\r\na=control:track1\r\nm=audio 0 RTP/AVP 97\r\na=rtpmap:97 mpeg4-generic/16000/1\r\na=fmtp:97 mode=AAC-hbr;config=1408;sizelength=13\r\na=control:track2\r\nm=application 0 RTP/AVP 107\r\na=rtpmap:107 vnd.onvif.metadata/90000\r\n"u8],
        [.. "m=video 0 RTP/AVP 26\nm=audio 0 RTP/AVP 0"u8],
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
        if (!SdpParser.TryParse(input, out SessionDescription session))
        {
            Require(session.Media.Count == 0, "what is refused has no media");
            return;
        }

        Require(session.Media.Count <= SdpParser.MaxMedia, "media are bounded");
        List<string> notes = [];
        string baseUrl = ControlUrl.Base("rtsp://192.0.2.1/live", session.Control, null);
        IReadOnlyList<ClientTrack> tracks = TrackSelection.Choose(session, baseUrl, notes);
        Require(tracks.Count <= 3, "one track of each kind at most");
        foreach (ClientTrack track in tracks)
        {
            Require(track.Payload.ClockRate > 0, "a chosen track has a clock");
            // What the description names goes into a request.
            _ = new RtspRequest(RtspMethods.Setup, track.ControlUrl).ToBytes();
        }

        foreach (RtpPayloadFormat payload in session.Media.SelectMany(SdpPayloads.Of))
        {
            Require(payload.PayloadType is >= 0 and < 128, "payload types have seven bits");
        }

        Require(SdpParser.TryParse(SdpFormatter.Format(session), out SessionDescription again) && again.Media.Count == session.Media.Count, "what was read can be written and read again");
    }
}
