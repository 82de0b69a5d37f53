// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Rookery.Foundation;

namespace Rookery.Farm.Control;

/// <summary>
/// The control channel: as much HTTP as <c>curl -X POST http://127.0.0.1:PORT/cameras/7/stall?seconds=10</c> needs, on loopback only. One request per connection; polled by the farm's loop, whose
/// lock it runs under.
/// </summary>
[SuppressMessage("ApiDesign", "RS0030:Do not use banned APIs", Justification = "adapter: sockets of the control channel")]
internal sealed class ControlListener(FarmServer farm, int port) : IDisposable
{
    private const int MaxClients = 16;
    private const int MaxRequestBytes = 4096;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Socket _listener = FarmServer.Listen(IPAddress.Loopback, port);
    private readonly List<Client> _clients = [];

    public int Port => FarmServer.PortOf(_listener);

    public void Tick(MonotonicTime now)
    {
        while (_clients.Count < MaxClients && _listener.Poll(0, SelectMode.SelectRead))
        {
            _clients.Add(new Client(_listener.Accept(), now + Patience));
        }

        _clients.RemoveAll(client => Serve(client, now));
    }

    public void Dispose()
    {
        _listener.Dispose();
        _clients.ForEach(client => client.Socket.Dispose());
    }

    /// <returns>Whether the client is done with.</returns>
    private bool Serve(Client client, MonotonicTime now)
    {
        Socket socket = client.Socket;
        bool isDone = now > client.Deadline;
        while (!isDone && socket.Poll(0, SelectMode.SelectRead))
        {
            int read = socket.Receive(client.Bytes.AsSpan(client.Length), SocketFlags.None, out SocketError error);
            client.Length += read;
            ReadOnlySpan<byte> request = client.Bytes.AsSpan(0, client.Length);
            if (read > 0 && error == SocketError.Success && request.IndexOf("\r\n\r\n"u8) < 0 && client.Length < MaxRequestBytes)
            {
                continue;
            }

            int end = request.IndexOf((byte)'\r');
            if (end > 0)
            {
                Answer(socket, Encoding.Latin1.GetString(request[..end]));
            }

            isDone = true;
        }

        if (isDone)
        {
            socket.Dispose();
        }

        return isDone;
    }

    private void Answer(Socket socket, string line)
    {
        (int status, string body) = ControlRequest.Parse(line) is { } request ? ControlCommands.Run(farm, request) : (404, "Try GET /cameras\n");
        byte[] bytes = Encoding.UTF8.GetBytes(body);
        string type = body.StartsWith('[') ? "application/json" : "text/plain";
        byte[] head = Encoding.ASCII.GetBytes($"HTTP/1.1 {status} {(status == 200 ? "OK" : "Error")}\r\nContent-Type: {type}\r\nContent-Length: {bytes.Length}\r\nConnection: close\r\n\r\n");
        socket.SendTimeout = 1000;
        _ = socket.Send([.. head, .. bytes], SocketFlags.None, out _);
    }

    private sealed class Client(Socket socket, MonotonicTime deadline)
    {
        public Socket Socket { get; } = socket;

        public MonotonicTime Deadline { get; } = deadline;

        public byte[] Bytes { get; } = new byte[MaxRequestBytes];

        public int Length { get; set; }
    }
}
