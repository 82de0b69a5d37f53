// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using Rookery.Farm.Cameras;
using Rookery.Farm.Sending;
using Rookery.Foundation;
using Rookery.Media;
using Rookery.Rtsp;
using Rookery.Rtsp.Server;

namespace Rookery.Farm;

/// <summary>One client: its socket, its RTSP session, and what it is being sent. Never waits; owned by the farm's loop.</summary>
[SuppressMessage("ApiDesign", "RS0030:Do not use banned APIs", Justification = "adapter: a client's socket")]
internal sealed class FarmConnection : IRtspServerHandler, IDisposable
{
    /// <summary>Sender reports: every 5 s, the least interval of RFC 3550 §6.2.</summary>
    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(5);

    /// <summary>While media flows a client has little to say.</summary>
    private static readonly TimeSpan ReadIntervalPlaying = TimeSpan.FromMilliseconds(100);

    /// <summary>How long a new client waits for a random access point before it gets the middle of a group of pictures.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>What a camera's send buffer holds: a client further behind than this loses pictures.</summary>
    private static readonly TimeSpan MaxLag = TimeSpan.FromSeconds(2);

    private readonly FarmServer _farm;
    private readonly Socket _socket;
    private readonly RtspServerSession _session;
    private readonly int _number;
    private TrackSender?[] _senders = [];
    private SocketAddress?[] _udpAddresses = [];
    private FarmCamera? _camera;
    private MonotonicTime _now;
    private MonotonicTime _nextRead;
    private MonotonicTime _nextReport;
    private byte[] _pending = [];
    private int _pendingStart;
    private int _pendingEnd;
    private bool _wasStalled;

    /// <param name="farm">Whose client it is.</param>
    /// <param name="socket">Owned from here on.</param>
    /// <param name="number">Counts connections; names the session in logs.</param>
    /// <param name="begin">Begins its RTSP session.</param>
    /// <param name="now">The present.</param>
    public FarmConnection(FarmServer farm, Socket socket, int number, Func<IRtspServerHandler, MonotonicTime, RtspServerSession> begin, MonotonicTime now)
    {
        _farm = farm;
        _socket = socket;
        _number = number;
        socket.Blocking = false;
        socket.NoDelay = true;
        _session = begin(this, now);
        _now = now;
        _nextRead = now;
    }

    public bool IsClosed { get; private set; }

    public bool IsPlaying(FarmCamera camera) => _camera == camera && _session.State == RtspServerState.Playing;

    /// <summary>The camera this client set up; <c>null</c> before.</summary>
    public FarmCamera? Camera => _camera;

    public void Tick(MonotonicTime now)
    {
        _now = now;
        if (IsSilenced())
        {
            return;
        }

        if (now >= _nextRead)
        {
            Read(now);
            _nextRead = _session.State == RtspServerState.Playing ? now + ReadIntervalPlaying : now;
            if (IsSilenced())
            {
                // The first request told which camera the client wants, and that one does not answer.
                return;
            }
        }

        _session.Tick(now);
        if (!IsClosed && TryFlush())
        {
            SendAnswers();
        }

        if (_session.State == RtspServerState.Closed && _pendingStart == _pendingEnd)
        {
            Close();
        }
        else if (_session.State == RtspServerState.Playing && !IsClosed)
        {
            SendMedia(now);
        }
    }

    public void Close()
    {
        if (!IsClosed)
        {
            IsClosed = true;
            _session.Close("The camera closed the connection.");
            _socket.Dispose();
        }
    }

    public void Dispose() => Close();

    RtspPresentation? IRtspServerHandler.Find(string path)
    {
        FarmCamera? camera = _farm.FindCamera(path);
        // From the first word on, a client shares the fate of the camera it asked for.
        _camera ??= camera;
        return camera?.Presentation;
    }

    IReadOnlyList<RtpStart?> IRtspServerHandler.OnPlay(RtspServerSession session)
    {
        FarmCamera camera = _farm.FindCamera(session.Path)!;
        _camera = camera;
        camera.Clients++;
        long media = camera.Clock.Media(_now);
        _senders = new TrackSender?[session.Tracks.Count];
        _udpAddresses = new SocketAddress?[2 * session.Tracks.Count];
        for (int i = 0; i < _senders.Length; i++)
        {
            if (session.Tracks[i] is { } track && i < camera.Clip.Tracks.Count)
            {
                _senders[i] = new TrackSender(camera.Clip, i, camera.ClipStartNanoseconds, _farm.Random)
                {
                    RtpChannel = (byte)(track.Channels?.First ?? 0),
                    RtcpChannel = (byte)(track.Channels?.Second ?? 1),
                };
                _senders[i]!.Seek(media, Patience);
                AddressUdp(i, track);
            }
        }

        _nextReport = _now;
        if (_farm.Has(RtspOddities.EarlyRtp))
        {
            // The next unit of each track, though it is not due: the point is what comes first.
            SendDue(long.MaxValue, unitsPerTrack: 1);
        }

        return [.. _senders.Select(sender => sender is null ? (RtpStart?)null : new RtpStart(sender.NextSequence, sender.NextTimestamp))];
    }

    void IRtspServerHandler.OnStop(RtspServerSession session)
    {
        _camera!.Clients--;
        _senders = [];
    }

    /// <summary>The camera shows another clip.</summary>
    public void OnClipChanged(FarmCamera camera)
    {
        for (int i = 0; i < _senders.Length; i++)
        {
            if (i < camera.Clip.Tracks.Count)
            {
                _senders[i]?.Switch(camera.Clip, camera.ClipStartNanoseconds);
            }
            else
            {
                _senders[i] = null;
            }
        }
    }

    /// <summary>An RTCP packet came from this address by UDP.</summary>
    public bool TryHear(SocketAddress from, MonotonicTime now)
    {
        foreach (SocketAddress? address in _udpAddresses)
        {
            if (address is not null && address.Equals(from))
            {
                _session.Heard(now);
                return true;
            }
        }

        return false;
    }

    private void AddressUdp(int track, ServerTrack transport)
    {
        if (transport.ClientPorts is { } ports)
        {
            IPAddress address = ((IPEndPoint)_socket.RemoteEndPoint!).Address;
            _udpAddresses[2 * track] = new IPEndPoint(address, ports.First).Serialize();
            _udpAddresses[(2 * track) + 1] = new IPEndPoint(address, ports.Second).Serialize();
        }
    }

    /// <summary>Whether the camera's fault keeps everything from the client.</summary>
    private bool IsSilenced()
    {
        switch (_camera?.Fault)
        {
            case CameraFault.Hung:
                _wasStalled = true;
                return true;
            case CameraFault.Offline:
                Close();
                return true;
            default:
                return IsClosed;
        }
    }

    private void Read(MonotonicTime now)
    {
        int read = _socket.Receive(_farm.Scratch, SocketFlags.None, out SocketError error);
        if (error is SocketError.WouldBlock or SocketError.Interrupted)
        {
            return;
        }

        if (error != SocketError.Success || read == 0)
        {
            Close();
            return;
        }

        _session.Receive(_farm.Scratch.AsSpan(0, read), now);
    }

    private void SendAnswers()
    {
        if (_session.Output.WrittenCount > 0)
        {
            Send(_session.Output.WrittenSpan);
            _session.Output.Clear();
        }
    }

    private void SendMedia(MonotonicTime now)
    {
        FarmCamera camera = _camera!;
        if (camera.Fault == CameraFault.Stalled)
        {
            _wasStalled = true;
            return;
        }

        long media = camera.Clock.Media(now);
        if (_wasStalled)
        {
            _wasStalled = false;
            foreach (TrackSender? sender in _senders)
            {
                sender?.Seek(media, Patience);
            }
        }

        if (_pendingStart < _pendingEnd)
        {
            DropLag(camera, media);
            return;
        }

        SendDue(media, int.MaxValue);
        if (now >= _nextReport && !_farm.Has(RtspOddities.NoSenderReports) && !IsClosed && _pendingStart == _pendingEnd)
        {
            SendReports(camera, now, media);
            _nextReport = now + ReportInterval;
        }
    }

    /// <summary>The client does not read. What is due stays due for a while, then pictures are given up.</summary>
    private void DropLag(FarmCamera camera, long media)
    {
        foreach (TrackSender? sender in _senders)
        {
            if (sender is not null && media - sender.DueNanoseconds > MaxLag.Ticks * 100)
            {
                camera.UnitsDropped += sender.SkipTo(media, Patience);
            }
        }
    }

    /// <summary>Sends what is due at a media time: all tracks in one write, unless there is more than the scratch buffer holds.</summary>
    private void SendDue(long media, int unitsPerTrack)
    {
        Span<byte> scratch = _farm.Scratch;
        int filled = 0;
        foreach (TrackSender? sender in _senders)
        {
            if (sender is not null && _camera!.Fault == CameraFault.Muted && sender.Kind == TrackKind.Audio)
            {
                sender.SkipTo(media, Patience);
                continue;
            }

            int units = 0;
            while (sender is not null && units < unitsPerTrack && sender.DueNanoseconds <= media && _pendingStart == _pendingEnd && !IsClosed)
            {
                if (sender.NextBytes > scratch.Length - filled)
                {
                    Send(scratch[..filled]);
                    filled = 0;
                    continue;
                }

                int bytes = sender.TakeNext(scratch[filled..], out Clips.ClipUnit unit, out uint timestamp);
                units++;
                Count(sender, bytes, unit, timestamp);
                if (_udpAddresses[2 * sender.Index] is { } address)
                {
                    SendDatagrams(scratch.Slice(filled, bytes), address, _farm.RtpSocket!);
                }
                else
                {
                    filled += bytes;
                }
            }
        }

        Send(scratch[..filled]);
    }

    private void Count(TrackSender sender, int bytes, in Clips.ClipUnit unit, uint timestamp)
    {
        FarmCamera camera = _camera!;
        camera.UnitsSent++;
        camera.BytesSent += bytes;
        camera.Log?.Add(new SentUnit(_number, (byte)sender.Index, timestamp, unit.SizeBytes, unit.Hash, unit.IsRandomAccess, _farm.Now));
    }

    private void SendReports(FarmCamera camera, MonotonicTime now, long media)
    {
        Span<byte> report = stackalloc byte[TrackSender.SenderReportBytes];
        foreach (TrackSender? sender in _senders)
        {
            if (sender is null)
            {
                continue;
            }

            int bytes = sender.SenderReport(report, camera.Clock.Wall(now), media);
            if (_udpAddresses[(2 * sender.Index) + 1] is { } address)
            {
                SendDatagrams(report[..bytes], address, _farm.RtcpSocket!);
            }
            else
            {
                Send(report[..bytes]);
            }
        }
    }

    /// <summary>Each frame without its header as a packet of its own. What the network does not take is lost, as with any UDP.</summary>
    private static void SendDatagrams(ReadOnlySpan<byte> frames, SocketAddress address, Socket socket)
    {
        while (!frames.IsEmpty)
        {
            int dataBytes = System.Buffers.Binary.BinaryPrimitives.ReadUInt16BigEndian(frames[2..]);
            try
            {
                socket.SendTo(frames.Slice(InterleavedFrame.HeaderBytes, dataBytes), SocketFlags.None, address);
            }
            catch (SocketException)
            {
                // A full buffer, or a client whose port is closed already; the end of its connection will tell.
            }

            frames = frames[(InterleavedFrame.HeaderBytes + dataBytes)..];
        }
    }

    /// <summary>Sends, and keeps what the socket does not take. Bounded by the scratch buffer and the session's answers: nothing new is taken while something is pending.</summary>
    private void Send(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty || IsClosed)
        {
            return;
        }

        int sent = _pendingStart == _pendingEnd ? SendNow(bytes) : 0;
        Keep(bytes[sent..]);
    }

    private bool TryFlush()
    {
        if (_pendingStart < _pendingEnd)
        {
            _pendingStart += SendNow(_pending.AsSpan(_pendingStart, _pendingEnd - _pendingStart));
            if (_pendingStart == _pendingEnd)
            {
                _pendingStart = _pendingEnd = 0;
                _pending = [];
            }
        }

        return _pendingStart == _pendingEnd && !IsClosed;
    }

    private int SendNow(ReadOnlySpan<byte> bytes)
    {
        int total = 0;
        while (total < bytes.Length)
        {
            int sent = _socket.Send(bytes[total..], SocketFlags.None, out SocketError error);
            if (error is SocketError.WouldBlock or SocketError.Interrupted)
            {
                break;
            }

            if (error != SocketError.Success)
            {
                Close();
                return bytes.Length;
            }

            total += sent;
        }

        return total;
    }

    private void Keep(ReadOnlySpan<byte> rest)
    {
        if (rest.IsEmpty || IsClosed)
        {
            return;
        }

        int pending = _pendingEnd - _pendingStart;
        if (_pending.Length - _pendingEnd < rest.Length)
        {
            byte[] larger = new byte[pending + rest.Length];
            _pending.AsSpan(_pendingStart, pending).CopyTo(larger);
            _pending = larger;
            _pendingStart = 0;
            _pendingEnd = pending;
        }

        rest.CopyTo(_pending.AsSpan(_pendingEnd));
        _pendingEnd += rest.Length;
    }
}
