// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Net;
using System.Net.Sockets;

namespace Rookery.EndToEnd;

/// <summary>Accepts connections and answers whatever it is asked with bytes by chance, from a seed.</summary>
internal sealed class ServerThatTalksGarbage : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;

    public ServerThatTalksGarbage(int seed)
    {
        _listener.Start();
        _loop = RunAsync(new Random(seed));
    }

    public int Connections { get; private set; }

    public string Url => $"rtsp://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/stream";

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _loop;
        _stop.Dispose();
    }

    private async Task RunAsync(Random chance)
    {
        byte[] bytes = new byte[64 * 1024];
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                using TcpClient client = await _listener.AcceptTcpClientAsync(_stop.Token);
                Connections++;
                NetworkStream stream = client.GetStream();
                _ = await stream.ReadAsync(bytes, _stop.Token);
                for (int i = 0; i < 20; i++)
                {
                    chance.NextBytes(bytes);
                    await stream.WriteAsync(bytes, _stop.Token);
                }
            }
            catch (Exception error) when (error is OperationCanceledException or IOException or SocketException)
            {
                // The other side gave up, as it should, or the test is over.
            }
        }
    }
}
