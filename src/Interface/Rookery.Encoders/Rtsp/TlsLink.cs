// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Rookery.Rtsp;

namespace Rookery.Encoders;

/// <summary>A connection over TLS (RTSPS): an asynchronous loop of its own, that looks at what has come at the same pace as a pump would.</summary>
/// <remarks>Decrypting copies anyway, so this path allocates a little per turn; it is the exception among cameras.</remarks>
[SuppressMessage("ApiDesign", "RS0030:Do not use banned APIs", Justification = "adapter: reads and writes camera sockets over TLS")]
internal sealed class TlsLink(RtspCameraSession owner, CameraAddress address, IPAddress[] candidates)
{
    private static readonly TimeSpan HandshakePace = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LivePace = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan GatherPace = TimeSpan.FromMilliseconds(100);

    /// <summary>The most that one TLS record holds.</summary>
    private const int BufferBytes = 16 << 10;

    /// <summary>Records in one go: 1 MiB.</summary>
    private const int MaxReadsPerTurn = 64;

    private readonly RtspClientSession _client = owner.NewClient(address, datagrams: null);
    private bool _untrusted;
    private bool _started;

    /// <summary>Runs to the end of the session, and tells it.</summary>
    public async Task RunAsync()
    {
        try
        {
            using Socket socket = await ConnectAsync().ConfigureAwait(false);
            using SslStream stream = new(new NetworkStream(socket, ownsSocket: false), leaveInnerStreamOpen: false, IsAccepted);
            using CancellationTokenSource timeout = new(owner.Services.Options.ConnectTimeout, owner.Services.Clock);
            await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = address.Host }, timeout.Token).ConfigureAwait(false);
            _started = true;
            _client.Start(owner.Services.Now);
            await LoopAsync(stream).ConfigureAwait(false);
        }
        catch (SocketException error) when (!_started)
        {
            owner.End(SessionOutcome.NotConnected(error.SocketErrorCode, address.Port));
        }
        catch (Exception error) when (!_started && error is (AuthenticationException or IOException or OperationCanceledException))
        {
            owner.End(SessionOutcome.TlsFailed(_untrusted));
        }
        catch (Exception error) when (error is IOException or SocketException or OperationCanceledException)
        {
            _client.PeerClosed(owner.Services.Now);
        }
#pragma warning disable CA1031 // The end of a session is told whatever happened; a defect here must not go unnoticed.
        catch (Exception fault)
        {
            owner.End(SessionOutcome.Internal(fault));
        }
#pragma warning restore CA1031
    }

    private async Task<Socket> ConnectAsync()
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using CancellationTokenSource timeout = new(owner.Services.Options.ConnectTimeout, owner.Services.Clock);
        try
        {
            await socket.ConnectAsync(candidates, address.Port, timeout.Token).ConfigureAwait(false);
            return socket;
        }
        catch (OperationCanceledException)
        {
            socket.Dispose();
            throw new SocketException((int)SocketError.TimedOut);
        }
        catch (SocketException)
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task LoopAsync(SslStream stream)
    {
        byte[] buffer = new byte[BufferBytes];
        using PeriodicTimer timer = new(HandshakePace, owner.Services.Clock);
        await FlushAsync(stream).ConfigureAwait(false);
        ValueTask<int>? read = stream.ReadAsync(buffer);
        while (!_client.HasEnded)
        {
            await timer.WaitForNextTickAsync().ConfigureAwait(false);
            for (int i = 0; i < MaxReadsPerTurn && read is { IsCompleted: true } done && !_client.HasEnded; i++)
            {
                int count = await done.ConfigureAwait(false);
                read = null;
                if (count == 0)
                {
                    _client.PeerClosed(owner.Services.Now);
                    break;
                }

                _client.Receive(buffer.AsSpan(0, count), owner.Services.Now);
                read = stream.ReadAsync(buffer);
            }

            if (owner.StopRequested)
            {
                _client.Stop(owner.Services.Now);
            }

            _client.Tick(owner.Services.Now);
            await FlushAsync(stream).ConfigureAwait(false);
            timer.Period = !_client.IsPlaying ? HandshakePace : owner.LowLatency ? LivePace : GatherPace;
        }
    }

    private async Task FlushAsync(SslStream stream)
    {
        using CancellationTokenSource timeout = new(owner.Services.Options.ConnectTimeout, owner.Services.Clock);
        foreach (byte[] bytes in _client.TakeOutput())
        {
            await stream.WriteAsync(bytes, timeout.Token).ConfigureAwait(false);
        }
    }

    private bool IsAccepted(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        bool accepted = errors == SslPolicyErrors.None || address.AcceptsAnyCertificate;
        _untrusted = !accepted;
        return accepted;
    }
}
