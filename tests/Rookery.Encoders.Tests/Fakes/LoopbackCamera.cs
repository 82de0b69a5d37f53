// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Rookery.Media.Rtp;
using Rookery.Rtsp;

namespace Rookery.Encoders.Tests.Fakes;

/// <summary>A camera on a free port of this machine: answers as told, and sends pictures after PLAY until it is told to stop.</summary>
internal sealed class LoopbackCamera : IAsyncDisposable
{
    /// <summary>Parameter sets of a 1920 × 1080 stream, as x264 makes them.</summary>
    private const string Sprop = "Z0LAKNoB4AiflwEQAAADABAAAAMDIPGDKg==,aM4PyA==";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly X509Certificate2? _certificate;
    private readonly TaskCompletionSource _tornDown = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _serving;
    private readonly List<Task> _connections = [];

    public LoopbackCamera(bool tls = false)
    {
        _certificate = tls ? MakeCertificate() : null;
        _listener.Start();
        _serving = ServeAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public string Url => $"{(_certificate is null ? "rtsp" : "rtsps")}://127.0.0.1:{Port}/live";

    /// <summary>Answers 461 to TCP.</summary>
    public bool RefusesTcp { get; init; }

    /// <summary>Tells its UDP ports in SETUP.</summary>
    public bool TellsPorts { get; init; } = true;

    /// <summary>Answers DESCRIBE with a redirect.</summary>
    public string? RedirectsTo { get; init; }

    public RtspServerAuth? Auth { get; init; }

    /// <summary>Pictures after which the connection is closed.</summary>
    public int PicturesUntilClose { get; init; } = int.MaxValue;

    /// <summary>Answers PLAY, and sends nothing.</summary>
    public bool SendsNothing { get; init; }

    /// <summary>Every second sequence number is left out, as a bad network would.</summary>
    public bool LosesEverySecond { get; init; }

    /// <summary>Ends when TEARDOWN came.</summary>
    public Task TornDown => _tornDown.Task;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _serving;
        await Task.WhenAll(_connections);
        _stop.Dispose();
        _certificate?.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                TcpClient client = await _listener.AcceptTcpClientAsync(_stop.Token);
                _connections.Add(ServeOneAsync(client));
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task ServeOneAsync(TcpClient client)
    {
        using TcpClient owned = client;
        try
        {
            Stream stream = client.GetStream();
            if (_certificate is not null)
            {
                SslStream secure = new(stream);
                await secure.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate }, _stop.Token);
                stream = secure;
            }

            await ConverseAsync(stream);
        }
        catch (Exception error) when (error is IOException or OperationCanceledException or SocketException or System.Security.Authentication.AuthenticationException)
        {
        }
    }

    private async Task ConverseAsync(Stream stream)
    {
        byte[] buffer = new byte[1 << 16];
        int length = 0;
        NumberPair? clientPorts = null;
        Task sending = Task.CompletedTask;
        using UdpClient udp = new(new IPEndPoint(IPAddress.Loopback, 0));
        using CancellationTokenSource stopSending = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        while (true)
        {
            int count = await stream.ReadAsync(buffer.AsMemory(length), _stop.Token);
            if (count == 0 || sending.IsCompleted && PicturesUntilClose == 0)
            {
                break;
            }

            length += count;
            int consumed = 0;
            while (Next(buffer.AsSpan(consumed, length - consumed), out RtspRequest? request, out int used))
            {
                consumed += used;
                if (request is null)
                {
                    continue;
                }

                RtspResponse response = Answer(request, ((IPEndPoint)udp.Client.LocalEndPoint!).Port, ref clientPorts);
                await stream.WriteAsync(response.ToBytes(), _stop.Token);
                if (request.Method == RtspMethods.Play && !SendsNothing)
                {
                    sending = SendAsync(stream, udp, clientPorts, stopSending.Token);
                }
            }

            buffer.AsSpan(consumed, length - consumed).CopyTo(buffer);
            length -= consumed;
        }

        await stopSending.CancelAsync();
        await sending;
    }

    private static bool Next(ReadOnlySpan<byte> bytes, out RtspRequest? request, out int used)
    {
        RtspReader reader = new(bytes, RtspLimits.Default);
        RtspElement element = reader.Read();
        request = element == RtspElement.Message ? reader.Message as RtspRequest : null;
        used = reader.ConsumedBytes;
        return element is RtspElement.Message or RtspElement.Interleaved;
    }

    private RtspResponse Answer(RtspRequest request, int serverPort, ref NumberPair? clientPorts)
    {
        RtspHeaders headers = new() { { "CSeq", request.Headers["CSeq"]! }, { "Session", "77;timeout=60" } };
        if (Auth is not null && request.Method != RtspMethods.Options && !Auth.Accepts(request))
        {
            headers.Add("WWW-Authenticate", Auth.Challenge());
            return new(401) { Headers = headers };
        }

        switch (request.Method)
        {
            case RtspMethods.Describe when RedirectsTo is not null:
                headers.Add("Location", RedirectsTo);
                return new(302) { Headers = headers };
            case RtspMethods.Describe:
                return new(200) { Headers = headers, Body = SdpFormatter.Format(Description()) };
            case RtspMethods.Setup:
                TransportSpec asked = TransportSpec.ParseAll(request.Headers["Transport"])[0];
                if (asked.IsTcp && RefusesTcp)
                {
                    return new(461) { Headers = headers };
                }

                clientPorts = asked.ClientPort;
                bool tells = !asked.IsTcp && TellsPorts;
                headers.Add("Transport", (asked with { ServerPort = tells ? new NumberPair(serverPort, serverPort + 1) : null }).ToString());
                return new(200) { Headers = headers };
            case RtspMethods.Teardown:
                _tornDown.TrySetResult();
                return new(200) { Headers = headers };
            default:
                return new(200) { Headers = headers };
        }
    }

    private static SessionDescription Description() => new()
    {
        Media =
        [
            new()
            {
                Kind = "video",
                Formats = ["96"],
                Attributes = [new("rtpmap", "96 H264/90000"), new("fmtp", $"96 packetization-mode=1;sprop-parameter-sets={Sprop}"), new("control", "1")],
            },
        ],
    };

    private async Task SendAsync(Stream stream, UdpClient udp, NumberPair? clientPorts, CancellationToken cancellation)
    {
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(5));
        try
        {
            for (ushort i = 0; i < PicturesUntilClose && await timer.WaitForNextTickAsync(cancellation); i++)
            {
                byte[] frame = Picture(LosesEverySecond ? (ushort)(2 * i) : i);
                if (clientPorts is { } ports)
                {
                    await udp.SendAsync(frame.AsMemory(4), new IPEndPoint(IPAddress.Loopback, ports.First), cancellation);
                }
                else
                {
                    await stream.WriteAsync(frame, cancellation);
                }
            }

            stream.Close();
        }
        catch (Exception error) when (error is OperationCanceledException or IOException or ObjectDisposedException or SocketException)
        {
        }
    }

    private static byte[] Picture(ushort sequence)
    {
        byte[] frame = new byte[4 + RtpPacket.HeaderBytes + 200];
        InterleavedFrame.WriteHeader(frame, 0, frame.Length - 4);
        RtpPacket.WriteHeader(frame.AsSpan(4), 96, marker: true, sequence, sequence * 3600u, ssrc: 3);
        Span<byte> nal = frame.AsSpan(4 + RtpPacket.HeaderBytes);
        nal.Fill(0x55);
        // An intra picture (IDR slice, first macroblock 0) every tenth time, else a predicted one.
        nal[0] = sequence % 10 == 0 ? (byte)0x65 : (byte)0x41;
        nal[1] = 0x88; // first_mb 0, slice type I
        nal[2] = 0x84; // picture parameter set 0
        return frame;
    }

    private static X509Certificate2 MakeCertificate()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=camera", key, HashAlgorithmName.SHA256);
        using X509Certificate2 made = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }
}
