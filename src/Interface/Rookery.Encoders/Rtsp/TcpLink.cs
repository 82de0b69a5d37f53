// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using Rookery.Foundation;
using Rookery.Rtsp;

namespace Rookery.Encoders;

/// <summary>A plain TCP connection to a camera, asked by a pump. Never waits, and never registers with the runtime's own event loop.</summary>
/// <remarks>
/// Connecting → open → closing. Every call is non-blocking from the beginning: an asynchronous connect would register the socket with epoll, and from then on every
/// segment that arrives would wake a thread for nothing.
/// </remarks>
[SuppressMessage("ApiDesign", "RS0030:Do not use banned APIs", Justification = "adapter: the one place that reads and writes camera sockets")]
internal sealed class TcpLink : IPumped
{
    /// <summary>Reads in one go, 1 MiB: bounds how long the other cameras of this pump wait for one that sends as fast as it can.</summary>
    private const int MaxReadsPerTurn = 4;

    /// <summary>After a read of this size the next one comes soon: the kernel's buffer may hold little more, and its window is to stay open.</summary>
    private const int MuchBytes = 128 << 10;

    /// <summary>A camera that takes none of our few hundred bytes for so long does not read at all.</summary>
    private const int MaxUnsentBytes = 64 << 10;

    /// <summary>How long TEARDOWN is given to be read before the connection is closed under it.</summary>
    private static readonly TimeSpan LingerTime = TimeSpan.FromSeconds(0.5);

    /// <summary>How often the kernel is asked for what it dropped.</summary>
    private static readonly TimeSpan DropCountInterval = TimeSpan.FromSeconds(5);

    private readonly RtspCameraSession _owner;
    private readonly CameraAddress _address;
    private readonly Queue<IPAddress> _candidates;
    private readonly DatagramPorts _datagrams = new();
    private readonly RtspClientSession _client;
    private readonly List<byte[]> _unsent = [];
    private Socket? _socket;
    private LinkState _state;
    private MonotonicTime _deadline;
    private MonotonicTime _nextDropCount;
    private int _unsentOffset;

    public TcpLink(RtspCameraSession owner, CameraAddress address, IPAddress[] candidates)
    {
        _owner = owner;
        _address = address;
        _candidates = new Queue<IPAddress>(candidates);
        _client = owner.NewClient(address, _datagrams);
    }

    private enum LinkState : byte
    {
        New,
        Connecting,
        Open,
        Closing,
    }

    public PumpPace Pump(Span<byte> buffer, MonotonicTime now)
    {
        return _state switch
        {
            LinkState.New => Connect(SocketError.HostNotFound, now),
            LinkState.Connecting => AwaitConnect(now),
            LinkState.Open => PumpOpen(buffer, now),
            _ => Linger(buffer, now),
        };
    }

    public void Abandon(Exception? fault)
    {
        bool lingers = _state == LinkState.Closing;
        Close();
        _client.Abandon();
        // The session that a lingering link belonged to has ended, or goes on over another link.
        if (lingers)
        {
            return;
        }

        _owner.End(fault is null ? SessionOutcome.Stopped : SessionOutcome.Internal(fault));
    }

    /// <summary>Tries the next address of the camera.</summary>
    private PumpPace Connect(SocketError lastError, MonotonicTime now)
    {
        Close();
        if (!_candidates.TryDequeue(out IPAddress? address))
        {
            _owner.End(SessionOutcome.NotConnected(lastError, _address.Port));
            return PumpPace.Done;
        }

        _state = LinkState.Connecting;
        _deadline = now + _owner.Services.Options.ConnectTimeout;
        try
        {
            _socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { Blocking = false, NoDelay = true };
            _socket.Connect(new IPEndPoint(address, _address.Port));
        }
        catch (SocketException error) when (error.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
        {
            // The usual case: the handshake is under way.
        }
        catch (SocketException error)
        {
            return Connect(error.SocketErrorCode, now);
        }

        return PumpPace.Handshake;
    }

    private PumpPace AwaitConnect(MonotonicTime now)
    {
        if (_owner.StopRequested)
        {
            Abandon(fault: null);
            return PumpPace.Done;
        }

        Socket socket = _socket!;
        if (!socket.Poll(0, SelectMode.SelectWrite))
        {
            return now < _deadline ? PumpPace.Handshake : Connect(SocketError.TimedOut, now);
        }

        SocketError error = (SocketError)(int)socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error)!;
        if (error != SocketError.Success)
        {
            return Connect(error, now);
        }

        _datagrams.SetPeer(((IPEndPoint)socket.RemoteEndPoint!).Address);
        _state = LinkState.Open;
        _client.Start(now);
        Flush(now);
        return PumpPace.Handshake;
    }

    private PumpPace PumpOpen(Span<byte> buffer, MonotonicTime now)
    {
        if (_owner.StopRequested)
        {
            _client.Stop(now);
        }

        int readBytes = Read(buffer, now);
        int datagrams = _datagrams.Read(_client, buffer, now);
        CountDrops(now);
        _client.Tick(now);
        Flush(now);
        if (_client.HasEnded)
        {
            return BeginClosing(now);
        }

        if (!_client.IsPlaying)
        {
            return PumpPace.Handshake;
        }

        return _owner.LowLatency ? PumpPace.Live : readBytes >= MuchBytes || datagrams > 0 ? PumpPace.Busy : PumpPace.Gather;
    }

    /// <summary>The kernel drops datagrams when nobody reads for long, and tells only who asks.</summary>
    private void CountDrops(MonotonicTime now)
    {
        if (_datagrams.IsEmpty || (now < _nextDropCount && !_client.HasEnded && !_owner.StopRequested))
        {
            return;
        }

        _nextDropCount = now + DropCountInterval;
        if (_datagrams.NewDrops() is > 0 and uint dropped)
        {
            _owner.OnTrouble($"{dropped} packets were dropped by this machine before they could be read: it has too little processor time, or its receive buffer of "
                + $"{_datagrams.ReceiveBufferBytes >> 10} KiB is too small (net.core.rmem_max limits it). RTSP over TCP loses none.");
        }
    }

    private int Read(Span<byte> buffer, MonotonicTime now)
    {
        int total = 0;
        for (int i = 0; i < MaxReadsPerTurn && !_client.HasEnded; i++)
        {
            int count = _socket!.Receive(buffer, SocketFlags.None, out SocketError error);
            if (count > 0)
            {
                total += count;
                _client.Receive(buffer[..count], now);
                if (count == buffer.Length)
                {
                    continue;
                }
            }
            else if (error != SocketError.WouldBlock)
            {
                _client.PeerClosed(now);
            }

            break;
        }

        return total;
    }

    private void Flush(MonotonicTime now)
    {
        if (_client.HasOutput)
        {
            _unsent.AddRange(_client.TakeOutput());
        }

        while (_unsent.Count > 0)
        {
            ReadOnlySpan<byte> rest = _unsent[0].AsSpan(_unsentOffset);
            int sent = _socket!.Send(rest, SocketFlags.None, out SocketError error);
            if (error is not (SocketError.Success or SocketError.WouldBlock) || _unsent.Sum(bytes => bytes.Length) > MaxUnsentBytes)
            {
                _unsent.Clear();
                _client.PeerClosed(now);
                return;
            }

            _unsentOffset += sent;
            if (sent < rest.Length)
            {
                return;
            }

            _unsent.RemoveAt(0);
            _unsentOffset = 0;
        }
    }

    /// <summary>A close with bytes unread resets the connection, which may overtake TEARDOWN: so the other side is waited for, for a moment.</summary>
    private PumpPace BeginClosing(MonotonicTime now)
    {
        _datagrams.Dispose();
        try
        {
            _socket!.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            Close();
            return PumpPace.Done;
        }

        _state = LinkState.Closing;
        _deadline = now + LingerTime;
        return PumpPace.Busy;
    }

    private PumpPace Linger(Span<byte> buffer, MonotonicTime now)
    {
        int count = _socket!.Receive(buffer, SocketFlags.None, out SocketError error);
        if (now < _deadline && (count > 0 || error == SocketError.WouldBlock))
        {
            return PumpPace.Busy;
        }

        Close();
        return PumpPace.Done;
    }

    private void Close()
    {
        _datagrams.Dispose();
        _socket?.Dispose();
        _socket = null;
    }
}
