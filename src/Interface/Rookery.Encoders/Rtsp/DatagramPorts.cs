// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Rookery.Foundation;
using Rookery.Rtsp;

namespace Rookery.Encoders;

/// <summary>The UDP sockets of one session: a pair of ports for each track.</summary>
[SuppressMessage("ApiDesign", "RS0030:Do not use banned APIs", Justification = "adapter: reads and writes datagrams")]
internal sealed class DatagramPorts : IRtspDatagrams, IDisposable
{
    /// <summary>Attempts to find an even port with its neighbour free: half of all attempts find one on an idle machine.</summary>
    private const int MaxAttempts = 32;

    /// <summary>Datagrams of a socket in one go: 20 ms of 100 Mbit/s. The kernel holds the rest.</summary>
    private const int MaxReadsPerTurn = 256;

    /// <summary>
    /// Asked for, 1 s of 16 Mbit/s. A process that may administer the network gets it; others get at most <c>net.core.rmem_max</c>, 208 KiB on a plain Debian:
    /// 0.2 s of 4 Mbit/s, since each packet is counted with what the kernel keeps about it.
    /// </summary>
    private const int WantedBufferBytes = 2 << 20;

    // Of Linux's asm-generic/socket.h and linux/sock_diag.h.
    private const int SolSocket = 1;
    private const int SoRcvBufForce = 33;
    private const int SoMemInfo = 55;
    private const int MemInfoDrops = 8;
    private const int MemInfoCount = 9;

    private readonly List<Pair> _pairs = [];
    private IPAddress _peer = IPAddress.None;
    private uint _dropsTold;

    private sealed record Pair(int Track, Socket Rtp, Socket Rtcp);

    /// <summary>The session goes over TCP, or is not set up.</summary>
    public bool IsEmpty => _pairs.Count == 0;

    /// <summary>What the kernel granted, with its own overhead (socket(7): twice what was asked for).</summary>
    public int ReceiveBufferBytes => _pairs.Count == 0 ? 0 : _pairs[0].Rtp.ReceiveBufferSize;

    /// <summary>Where the camera is: datagrams of others are dropped.</summary>
    public void SetPeer(IPAddress peer) => _peer = peer;

    public bool TryOpen(int track, out NumberPair ports)
    {
        for (int attempt = 0; attempt < MaxAttempts; attempt++)
        {
            if (Bind(0) is not { } first)
            {
                break;
            }

            int port = ((IPEndPoint)first.LocalEndPoint!).Port;
            Socket? second = port % 2 == 0 ? Bind(port + 1) : null;
            if (second is not null)
            {
                _pairs.Add(new(track, first, second));
                ports = new(port, port + 1);
                return true;
            }

            first.Dispose();
        }

        ports = default;
        return false;
    }

    public void Connect(int track, NumberPair? serverPorts)
    {
        // Where the server does not tell its ports, the first datagram from its address does.
        if (serverPorts is not { First: > 0 } ports || _pairs.Find(pair => pair.Track == track) is not { } found)
        {
            return;
        }

        found.Rtp.Connect(new IPEndPoint(_peer, ports.First));
        found.Rtcp.Connect(new IPEndPoint(_peer, ports.Second));
        // Opens the way back through a firewall that stands before us.
        found.Rtp.Send([0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], SocketFlags.None, out _);
    }

    public void Send(int track, bool isRtcp, ReadOnlySpan<byte> datagram)
    {
        if (_pairs.Find(pair => pair.Track == track) is not { } found)
        {
            return;
        }

        Socket socket = isRtcp ? found.Rtcp : found.Rtp;
        if (socket.Connected)
        {
            socket.Send(datagram, SocketFlags.None, out _);
        }
    }

    /// <summary>Feeds what has come.</summary>
    /// <returns>How many datagrams.</returns>
    public int Read(RtspClientSession client, Span<byte> buffer, MonotonicTime now)
    {
        int count = 0;
        client.DatagramsWait = false;
        foreach (Pair pair in _pairs)
        {
            int packets = Read(client, pair.Track, pair.Rtp, isRtcp: false, buffer, now);
            client.DatagramsWait |= packets == MaxReadsPerTurn;
            count += packets + Read(client, pair.Track, pair.Rtcp, isRtcp: true, buffer, now);
        }

        // Even without a datagram, UDP is asked at the busy pace.
        return _pairs.Count > 0 ? Math.Max(1, count) : 0;
    }

    /// <summary>Datagrams that the kernel dropped since this was asked last, because nobody read in time (SO_MEMINFO).</summary>
    public uint NewDrops()
    {
        Span<uint> info = stackalloc uint[MemInfoCount];
        uint total = 0;
        foreach (Pair pair in _pairs)
        {
            try
            {
                int bytes = pair.Rtp.GetRawSocketOption(SolSocket, SoMemInfo, MemoryMarshal.AsBytes(info));
                total += bytes == MemInfoCount * sizeof(uint) ? info[MemInfoDrops] : 0;
            }
            catch (SocketException)
            {
                // A kernel before 4.12 does not tell.
                return 0;
            }
        }

        uint fresh = total - _dropsTold;
        _dropsTold = total;
        return fresh;
    }

    public void Dispose()
    {
        foreach (Pair pair in _pairs)
        {
            pair.Rtp.Dispose();
            pair.Rtcp.Dispose();
        }

        _pairs.Clear();
    }

    private int Read(RtspClientSession client, int track, Socket socket, bool isRtcp, Span<byte> buffer, MonotonicTime now)
    {
        if (!socket.Connected && !TryFindSender(socket, buffer))
        {
            return 0;
        }

        for (int i = 0; i < MaxReadsPerTurn; i++)
        {
            int bytes = socket.Receive(buffer, SocketFlags.None, out SocketError error);
            // Connection refused is the camera's answer to a report it does not listen for; the datagrams behind it are good.
            if (error != SocketError.Success && error != SocketError.ConnectionRefused)
            {
                return i;
            }

            client.ReceiveDatagram(track, isRtcp, buffer[..bytes], now);
        }

        return MaxReadsPerTurn;
    }

    /// <summary>Takes the first datagram of the camera, which is spent on learning its port; those of strangers are dropped.</summary>
    private bool TryFindSender(Socket socket, Span<byte> buffer)
    {
        for (int i = 0; i < MaxReadsPerTurn && socket.Available > 0; i++)
        {
            EndPoint from = new IPEndPoint(_peer, 0);
            socket.ReceiveFrom(buffer, SocketFlags.None, ref from);
            if (((IPEndPoint)from).Address.Equals(_peer))
            {
                socket.Connect(from);
                return true;
            }
        }

        return false;
    }

    private static void Enlarge(Socket socket)
    {
        socket.ReceiveBufferSize = WantedBufferBytes;
        if (socket.ReceiveBufferSize >= WantedBufferBytes)
        {
            return;
        }

        try
        {
            socket.SetRawSocketOption(SolSocket, SoRcvBufForce, MemoryMarshal.AsBytes<int>([WantedBufferBytes]));
        }
        catch (SocketException)
        {
            // Not ours to force: what was granted has to do, and drops are counted.
        }
    }

    private Socket? Bind(int port)
    {
        Socket socket = new(_peer.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { Blocking = false };
        try
        {
            Enlarge(socket);
            socket.Bind(new IPEndPoint(_peer.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any, port));
            return socket;
        }
        catch (SocketException)
        {
            socket.Dispose();
            return null;
        }
    }
}
