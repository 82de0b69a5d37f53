// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Rtsp;

/// <summary>
/// The client side of one RTSP session over one connection, without any I/O: bytes and time go in, bytes to send and events come out.
/// Design page: docs/design/rtsp.md.
/// </summary>
/// <remarks>
/// <para>OPTIONS → DESCRIBE → SETUP for each chosen track → PLAY → packets and keep-alives → TEARDOWN. One request is under way at a time.</para>
/// <para>Invariants: 1. <see cref="IRtspClientSink.OnEnded"/> is called exactly once (never after <see cref="Abandon"/>) and nothing after it. 2. No allocation per packet: frames that lie
/// whole in the caller's buffer are handed on as spans of it; only a frame or message cut by its end is copied, into a buffer of this session.
/// 3. Memory stays within <see cref="RtspLimits.MaxElementBytes"/> whatever the peer sends. 4. Every wait has an end.</para>
/// <para>Called by one thread at a time: the driver reads, feeds, sends <see cref="Output"/>, and calls <see cref="Tick"/> at least ten times a second.
/// Deliberately not here: connecting, TLS, reconnecting, and everything inside RTP payloads.</para>
/// </remarks>
public sealed partial class RtspClientSession
{
    private readonly string _url;
    private readonly RtspClientAuth _auth;
    private readonly RtspClientOptions _options;
    private readonly IRtspClientSink _sink;
    private readonly RtspUdp? _udp;
    private readonly uint _ssrc;
    private readonly List<string> _notes = [];

    private SessionState _state;
    private RtspStep _step;
    private MonotonicTime _now;
    private MonotonicTime _handshakeDeadline;

    /// <param name="url">What to play: absolute, without user information. Sent as it is.</param>
    /// <param name="auth">Kept by the caller where a session goes on over another connection.</param>
    /// <param name="options">Times and limits.</param>
    /// <param name="sink">Takes events.</param>
    /// <param name="udp">What UDP needs; <c>null</c> where it cannot be used.</param>
    /// <param name="ssrc">Names us in receiver reports: a random number.</param>
    public RtspClientSession(string url, RtspClientAuth auth, RtspClientOptions options, IRtspClientSink sink, RtspUdp? udp, uint ssrc)
    {
        _url = url;
        _auth = auth;
        _options = options;
        _sink = sink;
        _udp = udp;
        _ssrc = ssrc;
        _useUdp = options.Transport == RtspTransportPolicy.Udp;
    }

    private enum SessionState : byte
    {
        Idle,
        Handshake,
        Playing,
        Ended,
    }

    /// <summary>How far it got.</summary>
    public RtspStep Step => _step;

    public bool IsPlaying => _state == SessionState.Playing;

    public bool HasEnded => _state == SessionState.Ended;

    /// <summary>Oddities met, a sentence each, at most <see cref="MaxNotes"/>; for the log and for a diagnosis: each is told to the sink as well. Without credentials.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>A camera that is odd with each message must not fill the memory with remarks.</summary>
    public const int MaxNotes = 16;

    /// <summary>Begins. The connection stands.</summary>
    public void Start(MonotonicTime now)
    {
        _now = now;
        _state = SessionState.Handshake;
        _handshakeDeadline = now + _options.HandshakeTimeout;
        SendOptions();
    }

    /// <summary>Time passes: deadlines, keep-alives and reports are looked after.</summary>
    public void Tick(MonotonicTime now)
    {
        _now = now;
        switch (_state)
        {
            case SessionState.Handshake when _pending is { } request && now >= request.Deadline:
                End(RtspEndReason.NoAnswer, 0, $"The camera did not answer {request.Method} within {_options.StepTimeout.TotalSeconds:0.#} s.");
                break;
            case SessionState.Handshake when now >= _handshakeDeadline:
                End(RtspEndReason.NoAnswer, 0, $"The camera did not come to play within {_options.HandshakeTimeout.TotalSeconds:0.#} s.");
                break;
            case SessionState.Playing:
                TickPlaying();
                break;
        }
    }

    /// <summary>The server closed its side of the connection, or it broke.</summary>
    public void PeerClosed(MonotonicTime now)
    {
        _now = now;
        if (_state is SessionState.Idle or SessionState.Ended)
        {
            return;
        }

        // Some cameras close after a 401 instead of waiting for the request to be repeated: it is repeated on a new connection.
        string? again = _state == SessionState.Handshake && _pending is { Refusals: 1 } ? _url : null;
        string message = _state == SessionState.Playing ? "The camera closed the connection." : $"The camera closed the connection during {StepName(_step)}.";
        End(RtspEndReason.Closed, 0, message, again);
    }

    /// <summary>Ends the session from our side; TEARDOWN is put into <see cref="Output"/> where there is a session to tear down.</summary>
    public void Stop(MonotonicTime now)
    {
        _now = now;
        if (_state is SessionState.Idle or SessionState.Ended)
        {
            _state = SessionState.Ended;
            return;
        }

        End(RtspEndReason.Stopped, 0, "Stopped.");
    }

    /// <summary>Gives back its memory and tells nobody: the driver itself gives up, and says so to whom it concerns.</summary>
    public void Abandon()
    {
        _state = SessionState.Ended;
        ReleaseMemory();
    }

    private void ReleaseMemory() => Array.ForEach(_tracks, track => track.Reordering?.Dispose());

    private void End(RtspEndReason reason, int status, string message, string? continueAt = null)
    {
        if (_state == SessionState.Ended)
        {
            return;
        }

        // A camera serves few sessions at a time: one that is left behind would block the next.
        if (reason != RtspEndReason.Closed && _sessionId is not null)
        {
            SendTeardown();
        }

        _state = SessionState.Ended;
        ReleaseMemory();
        _sink.OnEnded(new(reason, _step, status, message) { ContinueAt = continueAt });
    }

    private void Note(string note)
    {
        if (_notes.Count < MaxNotes)
        {
            _notes.Add(note);
            _sink.OnNote(note);
        }
    }

    private static string StepName(RtspStep step) => step switch
    {
        RtspStep.Options => RtspMethods.Options,
        RtspStep.Describe => RtspMethods.Describe,
        RtspStep.Setup => RtspMethods.Setup,
        _ => RtspMethods.Play,
    };
}
