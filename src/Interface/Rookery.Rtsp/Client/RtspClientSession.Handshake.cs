// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Media.Rtp;

namespace Rookery.Rtsp;

/// <summary>From OPTIONS to PLAY.</summary>
public sealed partial class RtspClientSession
{
    private string _baseUrl = "";
    private string _aggregateUrl = "";
    private bool _useUdp;
    private bool _canGetParameter;
    private int _settingUp;
    private TrackReceiver[] _tracks = [];

    private void SendOptions()
    {
        _step = RtspStep.Options;
        Send(RtspMethods.Options, _url, OnOptions);
    }

    private void OnOptions(RtspResponse response)
    {
        if (TryRedirect(response))
        {
            return;
        }

        // Some cameras refuse OPTIONS, or know it only within a session; what it tells is needed for keep-alives alone.
        if (!response.IsSuccess)
        {
            Note($"OPTIONS was answered with {response.StatusCode}.");
        }

        _canGetParameter = response.Headers.GetAll(RtspHeaderNames.Public)
            .SelectMany(header => header.Split(',', StringSplitOptions.TrimEntries))
            .Contains(RtspMethods.GetParameter, StringComparer.OrdinalIgnoreCase);
        _step = RtspStep.Describe;
        Send(RtspMethods.Describe, _url, OnDescribe, Header(RtspHeaderNames.Accept, "application/sdp"));
    }

    private void OnDescribe(RtspResponse response)
    {
        if (TryRedirect(response) || IsRefused(response, RtspMethods.Describe))
        {
            return;
        }

        if (!SdpParser.TryParse(response.Body.Span, out SessionDescription description))
        {
            End(RtspEndReason.BadDescription, response.StatusCode, "The camera's description of its stream cannot be read.");
            return;
        }

        _baseUrl = ControlUrl.Base(_url, response.Headers[RtspHeaderNames.ContentBase], response.Headers[RtspHeaderNames.ContentLocation]);
        _aggregateUrl = ControlUrl.Resolve(_baseUrl, description.Control);
        List<string> leftOut = [];
        IReadOnlyList<ClientTrack> chosen = TrackSelection.Choose(description, _baseUrl, leftOut);
        leftOut.ForEach(Note);
        if (chosen.All(track => track.Codec == Media.Codec.OnvifMetadata))
        {
            End(RtspEndReason.NoSupportedTrack, response.StatusCode, "The camera offers no video and no audio that is supported. " + string.Join(' ', leftOut));
            return;
        }

        _tracks = [.. chosen.Select(track => new TrackReceiver(track))];
        _settingUp = 0;
        SendSetup();
    }

    private void SendSetup()
    {
        _step = RtspStep.Setup;
        TransportSpec offer = new() { IsTcp = true, Interleaved = new(_settingUp * 2, (_settingUp * 2) + 1) };
        if (_useUdp)
        {
            if (_udp is null || !_udp.Datagrams.TryOpen(_settingUp, out NumberPair ports))
            {
                End(RtspEndReason.TransportRefused, 0, "UDP is needed, and no pair of UDP ports could be opened.");
                return;
            }

            offer = new() { ClientPort = ports };
        }

        Send(RtspMethods.Setup, _tracks[_settingUp].Track.ControlUrl, OnSetup, Header(RtspHeaderNames.Transport, offer.ToString()));
    }

    private void OnSetup(RtspResponse response)
    {
        TransportSpec? answer = TransportSpec.ParseAll(response.Headers[RtspHeaderNames.Transport]).FirstOrDefault();
        bool wrongTransport = response.StatusCode == RtspStatus.UnsupportedTransport || (response.IsSuccess && answer is not null && answer.IsTcp == _useUdp);
        if (wrongTransport && !_useUdp && _options.Transport == RtspTransportPolicy.Auto && !_tracks.Any(track => track.IsSetUp))
        {
            Note("The camera refuses TCP; UDP is used.");
            _useUdp = true;
            SendSetup();
            return;
        }

        if (wrongTransport || !response.IsSuccess)
        {
            OnSetupRefused(response, wrongTransport);
            return;
        }

        TakeSession(response);
        TrackReceiver track = _tracks[_settingUp];
        track.IsSetUp = true;
        if (_useUdp)
        {
            track.Reordering = new ReorderBuffer(_udp!.Pool, new InOrder(this, _settingUp));
            _udp.Datagrams.Connect(_settingUp, answer?.ServerPort);
        }
        else
        {
            TakeChannels(track, answer?.Interleaved);
        }

        SetUpNext();
    }

    private void OnSetupRefused(RtspResponse response, bool wrongTransport)
    {
        if (_settingUp > 0)
        {
            Note($"SETUP of track {_settingUp} was answered with {response.StatusCode}; the track is left out.");
            SetUpNext();
        }
        else if (wrongTransport)
        {
            End(RtspEndReason.TransportRefused, response.StatusCode, $"The camera refuses {(_useUdp ? "UDP" : "TCP")}.");
        }
        else
        {
            IsRefused(response, RtspMethods.Setup);
        }
    }

    private void TakeSession(RtspResponse response)
    {
        if (!SessionHeader.TryParse(response.Headers[RtspHeaderNames.Session], out SessionHeader session))
        {
            Note("SETUP was answered without a Session.");
            return;
        }

        // A server that names another session with each SETUP means the last one in PLAY.
        if (_sessionId is not null && _sessionId != session.Id)
        {
            Note("The Session changed between two SETUPs.");
        }

        _sessionId = session.Id;
        _sessionTimeout = session.Timeout ?? _sessionTimeout;
    }

    /// <summary>The server has the last word on channels; where it says nothing, or names some twice, those that were asked for are meant.</summary>
    private void TakeChannels(TrackReceiver track, NumberPair? answer)
    {
        NumberPair asked = new(_settingUp * 2, (_settingUp * 2) + 1);
        NumberPair channels = answer ?? asked;
        if (answer is null)
        {
            Note("SETUP was answered without channels; those asked for are taken.");
        }
        else if (channels.First == channels.Second || _channels[channels.First] != 0 || _channels[channels.Second] != 0)
        {
            Note("SETUP was answered with channels that are in use; those asked for are taken.");
            channels = asked;
        }

        track.Channels = channels;
        _channels[channels.First] = (byte)((_settingUp * 2) + 1);
        _channels[channels.Second] = (byte)((_settingUp * 2) + 2);
        _channelsInUse = Math.Max(_channelsInUse, Math.Max(channels.First, channels.Second) + 1);
    }

    private void SetUpNext()
    {
        if (++_settingUp < _tracks.Length)
        {
            SendSetup();
            return;
        }

        _step = RtspStep.Play;
        _sink.OnTracks([.. _tracks.Select(track => track.Track)]);
        _tracksTold = true;
        Send(RtspMethods.Play, _aggregateUrl, OnPlay, Header(RtspHeaderNames.Range, "npt=0.000-"));
    }

    private void OnPlay(RtspResponse response)
    {
        if (response.StatusCode is RtspStatus.InvalidRange or RtspStatus.HeaderFieldNotValid && !_playedWithoutRange)
        {
            Note($"PLAY with a Range was answered with {response.StatusCode}; it is repeated without.");
            _playedWithoutRange = true;
            Send(RtspMethods.Play, _aggregateUrl, OnPlay);
            return;
        }

        if (IsRefused(response, RtspMethods.Play))
        {
            return;
        }

        BeginPlaying();
    }

    private bool TryRedirect(RtspResponse response)
    {
        if (response.StatusCode is not (RtspStatus.MovedPermanently or RtspStatus.Found or RtspStatus.SeeOther or RtspStatus.UseProxy))
        {
            return false;
        }

        string location = response.Headers[RtspHeaderNames.Location]?.Trim() ?? "";
        bool usable = Uri.TryCreate(location, UriKind.Absolute, out Uri? url) && url.Scheme is "rtsp" or "rtsps" && url.Host.Length > 0;
        if (usable)
        {
            End(RtspEndReason.Redirected, response.StatusCode, "The camera sends us to another address.", location);
        }
        else
        {
            End(RtspEndReason.Refused, response.StatusCode, "The camera sends us to another address, but does not say to which.");
        }

        return true;
    }

    private bool IsRefused(RtspResponse response, string method)
    {
        if (response.IsSuccess)
        {
            return false;
        }

        (RtspEndReason reason, string message) = response.StatusCode switch
        {
            RtspStatus.Forbidden => (RtspEndReason.CredentialsRejected, $"The camera forbids this user the stream (403 to {method})."),
            RtspStatus.NotFound => (RtspEndReason.NotFound, $"The camera has no stream at this path (404 to {method})."),
            _ => (RtspEndReason.Refused, $"The camera answered {method} with {response.StatusCode} {RtspStatus.Reason(response.StatusCode)}."),
        };
        End(reason, response.StatusCode, message);
        return true;
    }
}
