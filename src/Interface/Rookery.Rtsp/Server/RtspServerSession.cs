// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Buffers;
using System.Globalization;
using Rookery.Foundation;

namespace Rookery.Rtsp.Server;

/// <summary>Where a server session is.</summary>
public enum RtspServerState : byte
{
    /// <summary>No track is set up.</summary>
    Init,

    /// <summary>At least one track is set up, and nothing flows.</summary>
    Ready,

    Playing,

    /// <summary>Over: the connection is to be closed once <see cref="RtspServerSession.Output"/> has been sent.</summary>
    Closed,
}

/// <summary>
/// The server's end of one RTSP connection (RFC 2326), without sockets and without a clock: bytes in, bytes out. It answers requests; media is sent by its owner.
/// </summary>
/// <remarks>
/// Invariants: (1) at most one session per connection; (2) <see cref="IRtspServerHandler.OnStop"/> follows each <see cref="IRtspServerHandler.OnPlay"/>, whatever ends it;
/// (3) what a peer can make it hold is bounded by the limits, and bad input ends in an answer or in <see cref="RtspServerState.Closed"/>, never in an exception.
/// One thread at a time.
/// </remarks>
public sealed partial class RtspServerSession
{
    private readonly RtspServerOptions _options;
    private readonly IRtspServerHandler _handler;
    private readonly RtspServerAuth? _auth;
    private readonly ArrayBufferWriter<byte> _input = new();
    private ServerTrack?[] _tracks = [];
    private MonotonicTime _lastHeard;

    /// <param name="options">How to behave.</param>
    /// <param name="handler">What is offered.</param>
    /// <param name="sessionId">Names the session to the client; hard to guess where that matters.</param>
    /// <param name="auth">What lets clients in; <c>null</c> lets in everybody.</param>
    /// <param name="now">When the connection was made.</param>
    public RtspServerSession(RtspServerOptions options, IRtspServerHandler handler, string sessionId, RtspServerAuth? auth, MonotonicTime now)
    {
        _auth = auth;
        _options = options;
        _handler = handler;
        SessionId = sessionId;
        _lastHeard = now;
    }

    public string SessionId { get; }

    public RtspServerState State { get; private set; }

    /// <summary>What was set up, by track; <c>null</c> where nothing was.</summary>
    public IReadOnlyList<ServerTrack?> Tracks => _tracks;

    /// <summary>Path of the presentation that was set up; empty before.</summary>
    public string Path { get; private set; } = "";

    /// <summary>Answers that wait to be sent. The owner sends them, between two interleaved frames, and clears it.</summary>
    public ArrayBufferWriter<byte> Output { get; } = new();

    /// <summary>Why the session was closed, for a person; empty while it is open.</summary>
    public string CloseReason { get; private set; } = "";

    /// <summary>Takes what the client sent.</summary>
    public void Receive(ReadOnlySpan<byte> bytes, MonotonicTime now)
    {
        _lastHeard = now;
        if (_input.WrittenCount > 0)
        {
            _input.Write(bytes);
            bytes = _input.WrittenSpan;
        }

        int consumed = Consume(bytes);
        ReadOnlySpan<byte> rest = bytes[consumed..];
        if (State == RtspServerState.Closed || rest.IsEmpty)
        {
            _input.Clear();
        }
        else if (_input.WrittenCount == 0)
        {
            _input.Write(rest);
        }
        else if (consumed > 0)
        {
            byte[] kept = rest.ToArray();
            _input.Clear();
            _input.Write(kept);
        }
    }

    /// <summary>Notices a client that has gone without a word.</summary>
    public void Tick(MonotonicTime now)
    {
        if (State != RtspServerState.Closed && now - _lastHeard > _options.SessionTimeout)
        {
            Close("Nothing was heard of the client.");
        }
    }

    /// <summary>Something outside the connection shows that the client lives: an RTCP packet by UDP.</summary>
    public void Heard(MonotonicTime now) => _lastHeard = now;

    /// <summary>Ends the session from this side. Nothing is told to the client, as when a camera restarts.</summary>
    public void Close(string reason)
    {
        if (State == RtspServerState.Playing)
        {
            _handler.OnStop(this);
        }

        if (State != RtspServerState.Closed)
        {
            State = RtspServerState.Closed;
            CloseReason = reason;
        }
    }

    private int Consume(ReadOnlySpan<byte> bytes)
    {
        RtspReader reader = new(bytes, _options.Limits);
        while (State != RtspServerState.Closed)
        {
            switch (reader.Read())
            {
                case RtspElement.Message when reader.Message is RtspRequest request:
                    Answer(request);
                    break;
                case RtspElement.Message or RtspElement.Interleaved:
                    // Answers to nothing, and receiver reports.
                    break;
                case RtspElement.NeedMore:
                    return reader.ConsumedBytes;
                default:
                    Close(reader.Fault);
                    break;
            }
        }

        return bytes.Length;
    }

    private void Answer(RtspRequest request)
    {
        RtspResponse response = Handle(request);
        if (request.CSeq is { } cseq && !Has(RtspOddities.NoCSeq))
        {
            response.Headers.Add(RtspHeaderNames.CSeq, cseq.ToString(CultureInfo.InvariantCulture));
        }

        response.Headers.Add(RtspHeaderNames.Server, _options.ServerName);
        Output.Write(response.ToBytes());
        if (Output.WrittenCount > _options.MaxOutputBytes)
        {
            Close("The client sends requests and does not read the answers.");
        }
    }

    private bool Has(RtspOddities oddity) => (_options.Oddities & oddity) != 0;
}
