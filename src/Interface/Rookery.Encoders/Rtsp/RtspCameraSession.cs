// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Net;
using System.Security.Cryptography;
using Rookery.Foundation;
using Rookery.Media.Rtp;
using Rookery.Recording;
using Rookery.Rtsp;

namespace Rookery.Encoders;

/// <summary>
/// One session with one camera, over as many connections as redirects need: resolves the name, opens a link, and turns what the protocol session finds
/// into access units for the recorder.
/// </summary>
/// <remarks>
/// Exactly one of these owns the session at any time, and only the owner calls the sink: the resolving task, then the link (a pump's thread, or the loop of a TLS
/// connection). <see cref="Dispose"/> only sets a flag, which the owner sees within 100 ms.
/// </remarks>
internal sealed class RtspCameraSession : ICameraSession, IRtspClientSink
{
    /// <summary>Redirects, and repetitions after a server closed on a 401, in one session.</summary>
    private const int MaxContinuations = 3;

    private readonly RtspServices _services;
    private readonly CameraSource _source;
    private readonly ISessionSink _sink;
    private readonly Action<SessionOutcome>? _onOutcome;
    private readonly RtspCredentials? _credentials;
    private TrackPipeline[] _pipelines = [];
    private RtspClientAuth _auth;
    // Both kinds of task end by telling the sink and throw nothing; kept so that a debugger finds them.
    private Task _opening = Task.CompletedTask;
    private int _continuations;
    private volatile bool _stopRequested;
    private volatile bool _lowLatency;
    private SessionOutcome? _verdict;
    private bool _ended;

    public RtspCameraSession(RtspServices services, CameraSource source, ISessionSink sink, Action<SessionOutcome>? onOutcome = null)
    {
        _services = services;
        _source = source;
        _sink = sink;
        _onOutcome = onOutcome;
        _credentials = string.IsNullOrEmpty(source.User) ? null : new RtspCredentials(source.User, source.Password ?? "");
        _auth = new RtspClientAuth(_credentials, ClientNonce);
    }

    public bool LowLatency
    {
        get => _lowLatency;
        set => _lowLatency = value;
    }

    /// <summary>Whether <see cref="Dispose"/> was called, here or for the whole connector.</summary>
    public bool StopRequested => _stopRequested || _services.Pumps.IsDisposed;

    public RtspServices Services => _services;

    /// <summary>Opens the first connection. Nothing is told to the sink before this returns, unless the pumps have stopped.</summary>
    public void Begin() => Open(CameraAddress.Parse(_source.Url));

    public void Dispose() => _stopRequested = true;

    public RtspClientSession NewClient(CameraAddress address, IRtspDatagrams? datagrams) => new(
        address.RequestUrl,
        _auth,
        _services.Options.Client with { Transport = (RtspTransportPolicy)_source.Transport },
        this,
        datagrams is null ? null : new RtspUdp(datagrams, _services.Pool),
        BitConverter.ToUInt32(RandomNumberGenerator.GetBytes(4)));

    public void OnTracks(IReadOnlyList<ClientTrack> tracks)
    {
        // After a continuation there are pipelines of the connection before.
        ReleasePipelines();
        _pipelines = [.. tracks.Select(track => new TrackPipeline(track.Index, track.Payload, _services.Pool, _sink, _services.Clock, _services.Options.ClockTrustLimit, OnClockSetBack))];
        if (_pipelines[0].Problem is { } problem)
        {
            // Recording would run and store nothing: the owner ends the session at its next turn, with this verdict.
            _verdict = SessionOutcome.CannotTakeApart(problem);
            _stopRequested = true;
        }

        _sink.OnTracks([.. tracks.Select(track => new SourceTrack(track.Index, track.Codec, track.Payload.ClockRate))]);
    }

    public void OnPacket(int track, in RtpPacket packet, bool lossBefore, MonotonicTime now) => _pipelines[track].Push(packet, lossBefore);

    public void OnSenderReport(int track, in SenderInfo info, MonotonicTime now) => _pipelines[track].OnSenderReport(info);

    public void OnNote(string note) => _sink.OnNote(note, isTrouble: false);

    /// <summary>Packets are missing, and not through the camera or the network.</summary>
    public void OnTrouble(string note) => _sink.OnNote(note, isTrouble: true);

    public void OnEnded(RtspClientEnd end)
    {
        if (end.ContinueAt is { } next && _continuations < MaxContinuations && !StopRequested)
        {
            _continuations++;
            Continue(new Uri(next));
            return;
        }

        End(_verdict ?? SessionOutcome.From(end));
    }

    /// <summary>Ends the session: once, whoever calls.</summary>
    public void End(SessionOutcome outcome)
    {
        if (_ended)
        {
            return;
        }

        _ended = true;
        ReleasePipelines();
        _onOutcome?.Invoke(outcome);
        _sink.OnEnded(outcome.ToSessionEnd());
    }

    private void ReleasePipelines()
    {
        foreach (TrackPipeline pipeline in _pipelines)
        {
            pipeline.Dispose();
        }
    }

    /// <summary>Within a session time never goes back, so the right time needs another session.</summary>
    private void OnClockSetBack()
    {
        _verdict ??= SessionOutcome.ClockSetBack;
        _stopRequested = true;
    }

    private void Continue(Uri url)
    {
        CameraAddress from = CameraAddress.Parse(_source.Url);
        CameraAddress to = CameraAddress.Parse(url);
        if (!to.Host.Equals(from.Host, StringComparison.OrdinalIgnoreCase) || (from.IsTls && !to.IsTls))
        {
            // Another host may ask for Digest, which does not give the password away; it must not be able to ask for it in clear.
            _auth = new RtspClientAuth(_credentials, ClientNonce) { AllowBasic = false };
        }

        Open(to with { AcceptsAnyCertificate = from.AcceptsAnyCertificate });
    }

    private void Open(CameraAddress address)
    {
        if (address.Literal is { } literal)
        {
            OpenLink(address, [literal]);
        }
        else
        {
            _opening = ResolveAsync(address);
        }
    }

    private async Task ResolveAsync(CameraAddress address)
    {
        IPAddress[] addresses = await _services.Names.ResolveAsync(address.Host, () => StopRequested).ConfigureAwait(false);
        if (addresses.Length == 0 && !StopRequested)
        {
            End(SessionOutcome.NameNotResolved(address.Host));
        }
        else
        {
            OpenLink(address, addresses);
        }
    }

    private void OpenLink(CameraAddress address, IPAddress[] addresses)
    {
        if (StopRequested)
        {
            End(SessionOutcome.Stopped);
            return;
        }

        if (address.IsTls)
        {
            _opening = new TlsLink(this, address, addresses).RunAsync();
            return;
        }

        TcpLink link = new(this, address, addresses);
        if (!_services.Pumps.TryAdd(link))
        {
            link.Abandon(fault: null);
        }
    }

    private static string ClientNonce() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
}
