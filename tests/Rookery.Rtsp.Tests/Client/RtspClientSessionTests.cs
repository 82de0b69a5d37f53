// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Text;
using Rookery.Foundation;
using Rookery.Media.Rtp;

namespace Rookery.Rtsp.Tests.Client;

public sealed class RtspClientSessionTests
{
    private const string Sdp = "v=0\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n";

    private readonly CountingSink _sink = new();
    private MonotonicTime _now = new(1);

    [Fact]
    public void Garbage_without_end_is_given_up_at_the_bound()
    {
        RtspClientSession session = Playing();
        byte[] garbage = new byte[10_000];
        new Random(1).NextBytes(garbage);
        int sent = 0;

        for (; sent < 100 && !session.HasEnded; sent++)
        {
            session.Receive(garbage, _now);
        }

        _sink.End.ShouldNotBeNull().Reason.ShouldBe(RtspEndReason.Garbage);
        sent.ShouldBeInRange(25, 40);
    }

    /// <summary>Goal: no allocation per packet. Method: a thousand frames in one read, cut at odd places, are counted against what was allocated.</summary>
    [Fact]
    public void Packets_cost_no_allocation()
    {
        RtspClientSession session = Playing();
        byte[] read = Frames(1000);
        session.Receive(read.AsSpan(0, 5000), _now);
        session.Receive(read.AsSpan(5000), _now);
        byte[] more = Frames(1000, firstSequence: 1000);
        _sink.Packets = 0;

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int at = 0; at < more.Length; at += 7001)
        {
            session.Receive(more.AsSpan(at, Math.Min(7001, more.Length - at)), _now);
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
        _sink.Packets.ShouldBe(1000);
        _sink.Losses.ShouldBe(0);
    }

    /// <summary>Goal: nothing that a server sends throws, or is held beyond the bound. Method: mutations of a good conversation, from fixed seeds.</summary>
    [Fact]
    public void A_server_gone_mad_ends_the_session_at_worst()
    {
        for (int seed = 0; seed < 300; seed++)
        {
            Random chance = new(seed);
            CountingSink sink = new();
            RtspClientSession session = new("rtsp://192.0.2.1/live", new RtspClientAuth(null, () => "c"), RtspClientOptions.Default, sink, null, 1);
            session.Start(_now);
            byte[] bytes = [.. Encoding.Latin1.GetBytes(Conversation()), .. Frames(20)];
            for (int i = chance.Next(20); i > 0; i--)
            {
                bytes[chance.Next(bytes.Length)] = (byte)chance.Next(256);
            }

            for (int at = 0; at < bytes.Length;)
            {
                int piece = Math.Min(chance.Next(1, 400), bytes.Length - at);
                session.Receive(bytes.AsSpan(at, piece), _now);
                session.TakeOutput();
                at += piece;
            }

            session.Tick(_now + TimeSpan.FromSeconds(60));
            session.HasEnded.ShouldBeTrue($"seed {seed}");
            sink.Ends.ShouldBe(1, $"seed {seed}");
        }
    }

    private RtspClientSession Playing()
    {
        RtspClientSession session = new("rtsp://192.0.2.1/live", new RtspClientAuth(null, () => "c"), RtspClientOptions.Default, _sink, null, 1);
        session.Start(_now);
        session.Receive(Encoding.Latin1.GetBytes(Conversation()), _now);
        session.TakeOutput();
        session.IsPlaying.ShouldBeTrue(_sink.End?.Message);
        return session;
    }

    private static string Conversation() =>
        "RTSP/1.0 200 OK\r\nCSeq: 1\r\n\r\n"
        + $"RTSP/1.0 200 OK\r\nCSeq: 2\r\nContent-Length: {Sdp.Length}\r\n\r\n{Sdp}"
        + "RTSP/1.0 200 OK\r\nCSeq: 3\r\nSession: 1\r\nTransport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n\r\n"
        + "RTSP/1.0 200 OK\r\nCSeq: 4\r\n\r\n";

    private static byte[] Frames(int count, int firstSequence = 0)
    {
        byte[] bytes = new byte[count * 116];
        for (int i = 0; i < count; i++)
        {
            Span<byte> frame = bytes.AsSpan(i * 116, 116);
            InterleavedFrame.WriteHeader(frame, 0, 112);
            RtpPacket.WriteHeader(frame[4..], 96, marker: true, (ushort)(firstSequence + i), (uint)i, ssrc: 5);
        }

        return bytes;
    }

    private sealed class CountingSink : IRtspClientSink
    {
        public int Packets { get; set; }

        public int Losses { get; private set; }

        public int Ends { get; private set; }

        public RtspClientEnd? End { get; private set; }

        public void OnTracks(IReadOnlyList<ClientTrack> tracks)
        {
        }

        public void OnPacket(int track, in RtpPacket packet, bool lossBefore, MonotonicTime now)
        {
            Packets++;
            Losses += lossBefore ? 1 : 0;
        }

        public void OnSenderReport(int track, in SenderInfo info, MonotonicTime now)
        {
        }

        public void OnEnded(RtspClientEnd end)
        {
            Ends++;
            End = end;
        }
    }
}
