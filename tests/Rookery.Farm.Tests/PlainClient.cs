// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Globalization;
using System.Net.Sockets;
using Rookery.Rtsp;

namespace Rookery.Farm.Tests;

/// <summary>An RTSP client that does one thing after the other, over TCP, and shows every frame and every answer in the order in which they came.</summary>
internal sealed class PlainClient : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly TcpClient _tcp = new();
    private readonly string _url;
    private byte[] _bytes = new byte[1 << 20];
    private int _length;
    private int _cseq;

    private PlainClient(Uri url) => _url = url.ToString();

    /// <summary>Frames that came while an answer was waited for.</summary>
    public Queue<(byte Channel, byte[] Data)> Frames { get; } = new();

    public string? Session { get; set; }

    public RtspClientAuth? Auth { get; init; }

    public static async Task<PlainClient> ConnectAsync(Uri url, RtspCredentials? credentials = null)
    {
        PlainClient client = new(url) { Auth = credentials is null ? null : new RtspClientAuth(credentials, () => "0123456789abcdef") };
        await client._tcp.ConnectAsync(url.Host, url.Port);
        return client;
    }

    /// <summary>DESCRIBE, SETUP of all tracks interleaved, PLAY.</summary>
    public async Task<SessionDescription> PlayAsync()
    {
        RtspResponse description = await AskAsync(RtspMethods.Describe, "");
        description.StatusCode.ShouldBe(200);
        SdpParser.TryParse(description.Body.Span, out SessionDescription sdp).ShouldBeTrue();
        for (int i = 0; i < sdp.Media.Count; i++)
        {
            RtspResponse setup = await AskAsync(RtspMethods.Setup, $"/track{i}", (RtspHeaderNames.Transport, $"RTP/AVP/TCP;unicast;interleaved={2 * i}-{(2 * i) + 1}"));
            setup.StatusCode.ShouldBe(200);
            SessionHeader.TryParse(setup.Headers[RtspHeaderNames.Session], out SessionHeader session).ShouldBeTrue();
            Session = session.Id;
        }

        (await AskAsync(RtspMethods.Play, "")).StatusCode.ShouldBe(200);
        return sdp;
    }

    public async Task<RtspResponse> AskAsync(string method, string path, params (string Name, string Value)[] headers)
    {
        RtspResponse response = await AskOnceAsync(method, path, headers);
        if (response.StatusCode == RtspStatus.Unauthorized && Auth?.Challenge(response, 0) == ChallengeOutcome.Retry)
        {
            response = await AskOnceAsync(method, path, headers);
        }

        return response;
    }

    /// <summary>The next frame.</summary>
    public async Task<(byte Channel, byte[] Data)> NextFrameAsync()
    {
        while (Frames.Count == 0)
        {
            (await ReadAsync()).ShouldBeNull("an answer came to nothing that was asked");
        }

        return Frames.Dequeue();
    }

    /// <summary>Reads on until the server closes the connection.</summary>
    public async Task ReadToEndAsync()
    {
        using CancellationTokenSource limit = new(Patience);
        try
        {
            while (await _tcp.GetStream().ReadAsync(_bytes, limit.Token) > 0)
            {
            }
        }
        catch (IOException)
        {
            // Reset, because the server had not read all we sent.
        }
    }

    public ValueTask DisposeAsync()
    {
        _tcp.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<RtspResponse> AskOnceAsync(string method, string path, (string Name, string Value)[] headers)
    {
        RtspRequest request = new(method, _url + path);
        request.Headers.Add(RtspHeaderNames.CSeq, (++_cseq).ToString(CultureInfo.InvariantCulture));
        if (Session is not null)
        {
            request.Headers.Add(RtspHeaderNames.Session, Session);
        }

        if (Auth?.Authorize(method, request.Uri) is { } authorization)
        {
            request.Headers.Add(RtspHeaderNames.Authorization, authorization);
        }

        foreach ((string name, string value) in headers)
        {
            request.Headers.Add(name, value);
        }

        await _tcp.GetStream().WriteAsync(request.ToBytes());
        RtspResponse? response;
        while ((response = await ReadAsync()) is null)
        {
        }

        return response;
    }

    /// <summary>Reads one element; a frame goes to <see cref="Frames"/>.</summary>
    private async Task<RtspResponse?> ReadAsync()
    {
        using CancellationTokenSource limit = new(Patience);
        while (true)
        {
            RtspReader reader = new(_bytes.AsSpan(0, _length), RtspLimits.Default);
            RtspElement element = reader.Read();
            RtspResponse? response = reader.Message as RtspResponse;
            if (element == RtspElement.Interleaved)
            {
                Frames.Enqueue((reader.Channel, reader.Data.ToArray()));
            }

            element.ShouldNotBe(RtspElement.Malformed, reader.Fault);
            _bytes.AsSpan(reader.ConsumedBytes, _length - reader.ConsumedBytes).CopyTo(_bytes);
            _length -= reader.ConsumedBytes;
            if (element != RtspElement.NeedMore)
            {
                return response;
            }

            int read = await _tcp.GetStream().ReadAsync(_bytes.AsMemory(_length), limit.Token);
            if (read == 0)
            {
                throw new EndOfStreamException("The camera closed the connection.");
            }

            _length += read;
        }
    }
}
