// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Text;
using Rookery.Foundation;
using Rookery.Rtsp.Server;

namespace Rookery.Rtsp.Tests.Server;

public sealed class RtspServerSessionTests
{
    private static readonly MonotonicTime Start = new(1_000_000_000);
    private static readonly RtspServerOptions Options = new() { UdpPorts = new NumberPair(6970, 6971) };

    private readonly TwoTracks _handler = new();

    [Fact]
    public void A_session_goes_from_setup_over_play_and_pause_to_its_end()
    {
        RtspServerSession session = Session();
        Ask(session, "OPTIONS rtsp://h/cam/1 RTSP/1.0").Headers["Public"]!.ShouldContain("GET_PARAMETER");
        RtspResponse description = Ask(session, "DESCRIBE rtsp://h/cam/1 RTSP/1.0");
        description.Headers["Content-Base"].ShouldBe("rtsp://h/cam/1/");
        Encoding.ASCII.GetString(description.Body.Span).ShouldBe("v=0\r\n");

        RtspResponse setup = Ask(session, "SETUP rtsp://h/cam/1/track1 RTSP/1.0", "Transport: RTP/AVP/TCP;unicast;interleaved=4-5");
        setup.Headers["Transport"].ShouldBe("RTP/AVP/TCP;unicast;interleaved=4-5");
        setup.Headers["Session"].ShouldBe("abc;timeout=60");
        session.State.ShouldBe(RtspServerState.Ready);

        RtspResponse play = Ask(session, "PLAY rtsp://h/cam/1 RTSP/1.0", "Session: abc");
        play.Headers["RTP-Info"].ShouldBe("url=rtsp://h/cam/1/track1;seq=7;rtptime=8");
        session.State.ShouldBe(RtspServerState.Playing);
        session.Tracks.ShouldBe([null, new ServerTrack(new NumberPair(4, 5), null)]);

        Ask(session, "PAUSE rtsp://h/cam/1 RTSP/1.0", "Session: abc").StatusCode.ShouldBe(200);
        session.State.ShouldBe(RtspServerState.Ready);
        Ask(session, "PLAY rtsp://h/cam/1 RTSP/1.0", "Session: abc").StatusCode.ShouldBe(200);
        Ask(session, "TEARDOWN rtsp://h/cam/1 RTSP/1.0", "Session: abc").StatusCode.ShouldBe(200);
        session.State.ShouldBe(RtspServerState.Closed);
        (_handler.Plays, _handler.Stops).ShouldBe((2, 2));
    }

    [Fact]
    public void The_first_transport_that_can_be_had_is_taken()
    {
        Ask(Session(), Setup, "Transport: RTP/SAVP;unicast;client_port=1-2,RTP/AVP;multicast,RTP/AVP;unicast;client_port=5000-5001")
            .Headers["Transport"].ShouldBe("RTP/AVP;unicast;client_port=5000-5001;server_port=6970-6971");
        Ask(Session(Options with { UdpPorts = null }), Setup, "Transport: RTP/AVP;unicast;client_port=5000-5001").StatusCode.ShouldBe(RtspStatus.UnsupportedTransport);
        Ask(Session(Options with { AllowTcp = false }), Setup, "Transport: RTP/AVP/TCP;interleaved=0-1").StatusCode.ShouldBe(RtspStatus.UnsupportedTransport);
        Ask(Session(), Setup).StatusCode.ShouldBe(RtspStatus.UnsupportedTransport);
    }

    [Theory]
    [InlineData("DESCRIBE rtsp://h/cam/2 RTSP/1.0", 404)]
    [InlineData("DESCRIBE rtsp://h RTSP/1.0", 404)]
    [InlineData("SETUP rtsp://h/cam/1/track9 RTSP/1.0", 404)]
    [InlineData("SETUP rtsp://h/cam/1/track99999999999 RTSP/1.0", 404)]
    [InlineData("SETUP rtsp://h/cam/1 RTSP/1.0", 404)]
    [InlineData("PLAY rtsp://h/cam/1 RTSP/1.0", 455)]
    [InlineData("RECORD rtsp://h/cam/1 RTSP/1.0", 501)]
    [InlineData("SHOUT * RTSP/1.0", 501)]
    public void What_cannot_be_answered_is_refused_with_its_status(string line, int status) =>
        Ask(Session(), line, "Transport: RTP/AVP/TCP;interleaved=0-1").StatusCode.ShouldBe(status);

    [Fact]
    public void Another_sessions_name_opens_nothing()
    {
        RtspServerSession session = Session();
        Ask(session, Setup, "Transport: RTP/AVP/TCP;interleaved=0-1");
        Ask(session, "PLAY rtsp://h/cam/1 RTSP/1.0", "Session: xyz").StatusCode.ShouldBe(RtspStatus.SessionNotFound);
        _handler.Plays.ShouldBe(0);
    }

    [Fact]
    public void A_track_is_found_behind_a_query_too()
    {
        Ask(Session(), "SETUP rtsp://h/cam/1?profile=main/track0 RTSP/1.0", "Transport: RTP/AVP/TCP;interleaved=0-1").StatusCode.ShouldBe(200);
        Ask(Session(), "DESCRIBE rtsp://h/cam/1?profile=main RTSP/1.0").StatusCode.ShouldBe(200);
    }

    [Fact]
    public void Requests_may_arrive_in_any_pieces_and_between_reports()
    {
        byte[] bytes = [.. "$\u0001\0\u0002ab"u8, .. "OPTIONS * RTSP/1.0\r\nCSeq: 1\r\n\r\n"u8, .. "$\u0001\0\u0001c"u8, .. "DESCRIBE rtsp://h/cam/1 RTSP/1.0\r\nCSeq: 2\r\n\r\n"u8];
        for (int piece = 1; piece < bytes.Length; piece++)
        {
            RtspServerSession session = Session();
            for (int at = 0; at < bytes.Length; at += piece)
            {
                session.Receive(bytes.AsSpan(at, Math.Min(piece, bytes.Length - at)), Start);
            }

            Answers(session).Select(answer => answer.CSeq).ShouldBe([1u, 2u]);
        }
    }

    [Fact]
    public void A_silent_client_is_given_up_and_one_that_reports_is_not()
    {
        RtspServerSession session = Session();
        Ask(session, Setup, "Transport: RTP/AVP/TCP;interleaved=0-1");
        Ask(session, "PLAY rtsp://h/cam/1 RTSP/1.0", "Session: abc");
        session.Heard(Start + TimeSpan.FromSeconds(50));
        session.Tick(Start + TimeSpan.FromSeconds(100));
        session.State.ShouldBe(RtspServerState.Playing);
        session.Tick(Start + TimeSpan.FromSeconds(111));
        session.State.ShouldBe(RtspServerState.Closed);
        _handler.Stops.ShouldBe(1);
    }

    [Fact]
    public void A_client_that_asks_without_end_and_never_reads_is_closed()
    {
        RtspServerSession session = Session(Options with { MaxOutputBytes = 2000 });
        for (int i = 0; i < 100 && session.State != RtspServerState.Closed; i++)
        {
            session.Receive("OPTIONS * RTSP/1.0\r\nCSeq: 1\r\n\r\n"u8, Start);
        }

        session.State.ShouldBe(RtspServerState.Closed);
        session.Output.WrittenCount.ShouldBeLessThan(3000);
    }

    [Fact]
    public void Bytes_by_chance_never_throw()
    {
        const int seed = 20261122;
        Random random = new(seed);
        byte[] valid = Encoding.ASCII.GetBytes("SETUP rtsp://h/cam/1/track0 RTSP/1.0\r\nCSeq: 1\r\nTransport: RTP/AVP/TCP;interleaved=0-1\r\n\r\nPLAY rtsp://h/cam/1 RTSP/1.0\r\nCSeq: 2\r\nSession: abc\r\n\r\n");
        for (int i = 0; i < 3000; i++)
        {
            byte[] bytes = [.. valid];
            for (int flips = random.Next(1, 6); flips > 0; flips--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            RtspServerSession session = Session();
            Should.NotThrow(() => session.Receive(bytes, Start), $"seed {seed}, round {i}");
            session.Close("done");
        }

        _handler.Stops.ShouldBe(_handler.Plays);
    }

    [Theory]
    [InlineData(RtspOddities.NoTransport, "Transport")]
    [InlineData(RtspOddities.NoCSeq, "CSeq")]
    public void An_oddity_leaves_out_what_it_names(RtspOddities oddity, string header)
    {
        RtspServerSession session = Session(Options with { Oddities = oddity });
        RtspResponse response = Ask(session, Setup, "Transport: RTP/AVP/TCP;interleaved=0-1");
        response.StatusCode.ShouldBe(200);
        response.Headers[header].ShouldBeNull();
    }

    private const string Setup = "SETUP rtsp://h/cam/1/track0 RTSP/1.0";

    private RtspServerSession Session(RtspServerOptions? options = null) => new(options ?? Options, _handler, "abc", auth: null, Start);

    private static RtspResponse Ask(RtspServerSession session, string line, string? header = null)
    {
        session.Receive(Encoding.Latin1.GetBytes($"{line}\r\nCSeq: 3\r\n{(header is null ? "" : header + "\r\n")}\r\n"), Start);
        return Answers(session).ShouldHaveSingleItem();
    }

    private static List<RtspResponse> Answers(RtspServerSession session)
    {
        List<RtspResponse> answers = [];
        RtspReader reader = new(session.Output.WrittenSpan, RtspLimits.Default);
        while (reader.Read() == RtspElement.Message)
        {
            answers.Add((RtspResponse)reader.Message!);
        }

        session.Output.Clear();
        return answers;
    }

    private sealed class TwoTracks : IRtspServerHandler
    {
        public int Plays { get; private set; }

        public int Stops { get; private set; }

        public RtspPresentation? Find(string path) => path == "cam/1" ? new RtspPresentation("v=0\r\n"u8.ToArray(), TrackCount: 2) : null;

        public IReadOnlyList<RtpStart?> OnPlay(RtspServerSession session)
        {
            Plays++;
            return [.. session.Tracks.Select(track => track is null ? (RtpStart?)null : new RtpStart(7, 8))];
        }

        public void OnStop(RtspServerSession session) => Stops++;
    }
}
