// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Globalization;

namespace Rookery.Rtsp.Server;

/// <summary>One function per method of RFC 2326 §10.</summary>
public sealed partial class RtspServerSession
{
    private const string TrackPrefix = "track";

    private RtspResponse Handle(RtspRequest request)
    {
        if (_auth is not null && request.Method != RtspMethods.Options && !_auth.Accepts(request))
        {
            RtspResponse refused = new(RtspStatus.Unauthorized);
            refused.Headers.Add(RtspHeaderNames.WwwAuthenticate, _auth.Challenge());
            return refused;
        }

        if (Has(RtspOddities.NoOptions) && request.Method is RtspMethods.Options or RtspMethods.GetParameter)
        {
            return new(RtspStatus.NotImplemented);
        }

        return request.Method switch
        {
            RtspMethods.Options => Options(),
            RtspMethods.Describe => Describe(request),
            RtspMethods.Setup => Setup(request),
            RtspMethods.Play => WithSession(request, Play),
            RtspMethods.Pause => WithSession(request, Pause),
            RtspMethods.Teardown => WithSession(request, Teardown),
            RtspMethods.GetParameter or RtspMethods.SetParameter => Ok(),
            _ => new(RtspStatus.NotImplemented),
        };
    }

    private static RtspResponse Options()
    {
        RtspResponse response = new(RtspStatus.Ok);
        response.Headers.Add(RtspHeaderNames.Public, "OPTIONS, DESCRIBE, SETUP, PLAY, PAUSE, TEARDOWN, GET_PARAMETER, SET_PARAMETER");
        return response;
    }

    private RtspResponse Describe(RtspRequest request)
    {
        string path = PathOf(request.Uri);
        if (_handler.Find(path) is not { } presentation)
        {
            return new(RtspStatus.NotFound);
        }

        RtspResponse response = new(RtspStatus.Ok) { Body = presentation.Sdp };
        response.Headers.Add(RtspHeaderNames.ContentType, "application/sdp");
        if (Has(RtspOddities.BadContentBase))
        {
            response.Headers.Add(RtspHeaderNames.ContentBase, $"rtsp://192.0.2.1:554/{path}/");
        }
        else if (!Has(RtspOddities.NoContentBase))
        {
            response.Headers.Add(RtspHeaderNames.ContentBase, $"{request.Uri.TrimEnd('/')}/");
        }

        return response;
    }

    private RtspResponse Setup(RtspRequest request)
    {
        if (State == RtspServerState.Playing)
        {
            return new(RtspStatus.MethodNotValidInThisState);
        }

        if (!TrySplitTrack(PathOf(request.Uri), out string path, out int track)
            || _handler.Find(path) is not { } presentation || track >= presentation.TrackCount)
        {
            return new(RtspStatus.NotFound);
        }

        if (State == RtspServerState.Ready && path != Path)
        {
            return new(RtspStatus.AggregateOperationNotAllowed);
        }

        if (Choose(TransportSpec.ParseAll(request.Headers[RtspHeaderNames.Transport]), track) is not { } transport)
        {
            return new(RtspStatus.UnsupportedTransport);
        }

        if (State == RtspServerState.Init)
        {
            _tracks = new ServerTrack?[presentation.TrackCount];
            Path = path;
            State = RtspServerState.Ready;
        }

        _tracks[track] = new(transport.Interleaved, transport.IsTcp ? null : transport.ClientPort);
        RtspResponse response = Ok();
        if (!Has(RtspOddities.NoTransport))
        {
            response.Headers.Add(RtspHeaderNames.Transport, transport.ToString());
        }

        return response;
    }

    /// <summary>The first transport the client names that can be had.</summary>
    private TransportSpec? Choose(IReadOnlyList<TransportSpec> offers, int track)
    {
        foreach (TransportSpec offer in offers)
        {
            if (offer.IsSecure || offer.IsMulticast)
            {
                continue;
            }

            if (offer.IsTcp && _options.AllowTcp)
            {
                NumberPair channels = offer.Interleaved ?? new(2 * track, (2 * track) + 1);
                if (Has(RtspOddities.OtherChannels))
                {
                    channels = new(16 + (2 * track), 17 + (2 * track));
                }

                return new() { IsTcp = true, Interleaved = channels };
            }

            if (!offer.IsTcp && offer.ClientPort is { First: > 0 } ports && _options.UdpPorts is { } own)
            {
                return new() { ClientPort = ports, ServerPort = own };
            }
        }

        return null;
    }

    private RtspResponse Play(RtspRequest request)
    {
        if (State == RtspServerState.Playing)
        {
            // Some clients keep a session alive by playing again.
            return Ok();
        }

        IReadOnlyList<RtpStart?> starts = _handler.OnPlay(this);
        State = RtspServerState.Playing;
        RtspResponse response = Ok();
        response.Headers.Add(RtspHeaderNames.Range, "npt=now-");
        if (!Has(RtspOddities.NoRtpInfo))
        {
            string root = request.Uri.TrimEnd('/');
            IEnumerable<string> infos = starts
                .Select((start, track) => start is { } at ? new RtpInfoStream($"{root}/{TrackPrefix}{track}", at.Sequence, at.Timestamp).ToString() : "")
                .Where(info => info.Length > 0);
            response.Headers.Add(RtspHeaderNames.RtpInfo, string.Join(',', infos));
        }

        return response;
    }

    private RtspResponse Pause(RtspRequest request)
    {
        if (State == RtspServerState.Playing)
        {
            _handler.OnStop(this);
            State = RtspServerState.Ready;
        }

        return Ok();
    }

    private RtspResponse Teardown(RtspRequest request)
    {
        Close("The client ended the session.");
        return Ok();
    }

    private RtspResponse WithSession(RtspRequest request, Func<RtspRequest, RtspResponse> handle) =>
        State == RtspServerState.Init ? new(RtspStatus.MethodNotValidInThisState)
        : SessionHeader.TryParse(request.Headers[RtspHeaderNames.Session], out SessionHeader session) && session.Id == SessionId ? handle(request)
        : new(RtspStatus.SessionNotFound);

    private RtspResponse Ok()
    {
        RtspResponse response = new(RtspStatus.Ok);
        if (State != RtspServerState.Init)
        {
            response.Headers.Add(RtspHeaderNames.Session, new SessionHeader(SessionId, _options.SessionTimeout).ToString());
        }

        return response;
    }

    private static string PathOf(string uri)
    {
        int scheme = uri.IndexOf("://", StringComparison.Ordinal);
        int path = scheme < 0 ? 0 : uri.IndexOf('/', scheme + 3);
        if (path < 0)
        {
            return "";
        }

        int query = uri.IndexOf('?', path);
        // A client that joins the control URL behind the query sends /3?x=y/track0.
        string text = query < 0 ? uri[path..] : uri[path..query] + (uri.LastIndexOf('/') is int last && last > query ? uri[last..] : "");
        return text.Trim('/');
    }

    private static bool TrySplitTrack(string path, out string parent, out int track)
    {
        int slash = path.LastIndexOf('/');
        parent = slash < 0 ? "" : path[..slash];
        track = 0;
        return path.AsSpan(slash + 1).StartsWith(TrackPrefix, StringComparison.Ordinal)
            && int.TryParse(path.AsSpan(slash + 1 + TrackPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out track);
    }
}
