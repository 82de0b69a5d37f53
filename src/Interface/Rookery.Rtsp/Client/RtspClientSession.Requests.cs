// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Globalization;
using Rookery.Foundation;

namespace Rookery.Rtsp;

/// <summary>Sending requests, and finding the request that a response answers.</summary>
public sealed partial class RtspClientSession
{
    private readonly List<byte[]> _output = [];
    private uint _lastCSeq;
    private uint? _abandonedCSeq;
    private PendingRequest? _pending;
    private string? _sessionId;

    /// <summary>A request that waits for its answer.</summary>
    /// <param name="Refusals">How often it was answered with 401 already.</param>
    private sealed record PendingRequest(
        string Method, string Uri, uint CSeq, MonotonicTime Deadline, int Refusals, KeyValuePair<string, string>[] Headers, Action<RtspResponse> OnResponse);

    /// <summary>Whether there is something to send.</summary>
    public bool HasOutput => _output.Count > 0;

    /// <summary>Takes what is to be sent, in order; the caller sends it all or closes the connection.</summary>
    public IReadOnlyList<byte[]> TakeOutput()
    {
        byte[][] output = [.. _output];
        _output.Clear();
        return output;
    }

    private void Send(string method, string uri, Action<RtspResponse> onResponse, params KeyValuePair<string, string>[] headers) =>
        Send(method, uri, refusals: 0, onResponse, headers);

    private void Send(string method, string uri, int refusals, Action<RtspResponse> onResponse, KeyValuePair<string, string>[] headers)
    {
        uint cseq = ++_lastCSeq;
        _pending = new(method, uri, cseq, _now + _options.StepTimeout, refusals, headers, onResponse);
        _output.Add(Build(method, uri, cseq, headers).ToBytes());
    }

    private RtspRequest Build(string method, string uri, uint cseq, KeyValuePair<string, string>[] headers)
    {
        RtspRequest request = new(method, uri);
        request.Headers.Add(RtspHeaderNames.CSeq, cseq.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add(RtspHeaderNames.UserAgent, _options.UserAgent);
        if (_auth.Authorize(method, uri) is { } authorization)
        {
            request.Headers.Add(RtspHeaderNames.Authorization, authorization);
        }

        if (_sessionId is not null)
        {
            request.Headers.Add(RtspHeaderNames.Session, _sessionId);
        }

        foreach ((string name, string value) in headers)
        {
            request.Headers.Add(name, value);
        }

        return request;
    }

    private void OnMessage(RtspMessage message)
    {
        if (message is RtspRequest request)
        {
            OnServerRequest(request);
            return;
        }

        RtspResponse response = (RtspResponse)message;
        if (_pending is not { } pending || (response.CSeq is { } late && late == _abandonedCSeq && late != pending.CSeq))
        {
            Note("A response that answers no request was passed over.");
            return;
        }

        // One request is under way at a time, so a response without a number, or with a wrong one, can answer no other.
        if (response.CSeq != pending.CSeq)
        {
            Note(response.CSeq is null ? "A response had no CSeq." : "A response had the CSeq of another request.");
        }

        if (response.StatusCode is >= 100 and < 200)
        {
            return;
        }

        _pending = null;
        if (response.StatusCode == RtspStatus.Unauthorized)
        {
            OnUnauthorized(pending, response);
        }
        else
        {
            pending.OnResponse(response);
        }
    }

    private void OnUnauthorized(PendingRequest pending, RtspResponse response)
    {
        ChallengeOutcome outcome = _auth.Challenge(response, pending.Refusals);
        if (outcome == ChallengeOutcome.Retry)
        {
            Send(pending.Method, pending.Uri, pending.Refusals + 1, pending.OnResponse, pending.Headers);
            return;
        }

        // While packets come, a keep-alive that is refused is no reason to end: should the camera mean it, the packets will stop.
        if (_state == SessionState.Playing)
        {
            Note("A keep-alive was refused with 401.");
            return;
        }

        (RtspEndReason reason, string message) = outcome switch
        {
            ChallengeOutcome.NoCredentials => (RtspEndReason.CredentialsNeeded, "The camera asks for a user name and a password."),
            ChallengeOutcome.Rejected => (RtspEndReason.CredentialsRejected, "The camera refuses the user name or the password."),
            _ => (RtspEndReason.SchemeUnsupported, "The camera asks for a way of signing in that is not supported (neither Digest nor Basic)."),
        };
        End(reason, response.StatusCode, message);
    }

    /// <summary>A server may ask, too (RFC 2326 §10): what it asks in practice is whether we live.</summary>
    private void OnServerRequest(RtspRequest request)
    {
        int status = request.Method switch
        {
            RtspMethods.Options or RtspMethods.GetParameter or RtspMethods.SetParameter or RtspMethods.Announce or RtspMethods.Redirect or RtspMethods.Teardown => RtspStatus.Ok,
            _ => RtspStatus.NotImplemented,
        };
        RtspResponse response = new(status);
        if (request.CSeq is { } cseq)
        {
            response.Headers.Add(RtspHeaderNames.CSeq, cseq.ToString(CultureInfo.InvariantCulture));
        }

        _output.Add(response.ToBytes());
        if (request.Method is RtspMethods.Redirect or RtspMethods.Teardown)
        {
            End(RtspEndReason.EndedByServer, 0, "The camera asked to end the session.");
        }
    }

    private static KeyValuePair<string, string> Header(string name, string value) => new(name, value);
}
