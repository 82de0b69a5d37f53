// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Rookery.Farm.Cameras;
using Rookery.Farm.Clips;
using Rookery.Farm.Packing;
using Rookery.Foundation;
using Rookery.Rtsp;
using Rookery.Rtsp.Server;

namespace Rookery.Farm;

/// <summary>
/// Many cameras in one process: an RTSP server whose cameras repeat clips. One loop on one thread at a time does everything, tick by tick: accept, read requests,
/// gather what is due for each client and hand it to the network in one write, so that hundreds of cameras fit on one core.
/// </summary>
/// <remarks>
/// A camera's life is decided by its <see cref="CameraClock"/> and its fault, both told through the commands, which any thread may call: they take effect between two ticks.
/// Every client of a camera sees the same pictures at the same time, as with a real one. See <c>docs/guide/farm.md</c>.
/// </remarks>
[SuppressMessage("ApiDesign", "RS0030:Do not use banned APIs", Justification = "adapter: owns the listening sockets")]
public sealed partial class FarmServer : IAsyncDisposable
{
    private const int AcceptsPerTick = 64;
    private const int MinimumScratchBytes = 256 << 10;

    private readonly FarmServerOptions _options;
    private readonly TimeProvider _time;
    private readonly RtspServerOptions _sessionOptions;
    private readonly RtspCredentials? _credentials;
    private readonly FarmCamera[] _cameras;
    private readonly IReadOnlyList<Clip> _clips;
    private readonly Dictionary<Clip, RtspPresentation> _presentations;
    private readonly List<FarmConnection> _connections = [];
    private readonly Socket _listener;
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;
    private int _connectionsSeen;

    private FarmServer(FarmServerOptions options, IReadOnlyList<Clip> clips, TimeProvider time)
    {
        _options = options;
        _clips = clips;
        _time = time;
        Random = new Random(options.Seed);
        _presentations = clips.ToDictionary(clip => clip, clip => new RtspPresentation(ClipDescription.Write(clip), clip.Tracks.Count));
        Scratch = new byte[Math.Max(MinimumScratchBytes, clips.Max(clip => clip.Tracks.Max(track => track.LargestUnitBytes)))];
        _credentials = options.User is null ? null : new RtspCredentials(options.User, options.Password ?? "");
        _cameras = MakeCameras();
        _listener = Listen(options.Address, options.Port);
        if (options.AllowUdp)
        {
            (RtpSocket, RtcpSocket) = BindPair(options.Address);
        }

        _sessionOptions = new RtspServerOptions
        {
            ServerName = "Rookery farm",
            AllowTcp = options.AllowTcp,
            UdpPorts = RtpSocket is null ? null : new NumberPair(PortOf(RtpSocket), PortOf(RtcpSocket!)),
            Oddities = options.Oddities,
        };
        _control = options.ControlPort is { } port ? new Control.ControlListener(this, port) : null;
        _loop = RunAsync();
    }

    /// <summary>Port of RTSP, also where a free one was asked for.</summary>
    public int Port => PortOf(_listener);

    /// <summary>Port of the control channel; <c>null</c> when there is none.</summary>
    public int? ControlPort => _control?.Port;

    public int CameraCount => _cameras.Length;

    internal Random Random { get; }

    internal MonotonicTime Now => MonotonicTime.Now(_time);

    /// <summary>Shared by all connections within a tick; holds at least the largest unit.</summary>
    internal byte[] Scratch { get; }

    internal Socket? RtpSocket { get; }

    internal Socket? RtcpSocket { get; }

    /// <summary>Begins to serve. Cameras take the clips in turn.</summary>
    /// <param name="options">What and how.</param>
    /// <param name="clips">At least one.</param>
    /// <param name="time">The clock; the system's by default.</param>
    /// <exception cref="SocketException">The port is taken.</exception>
    public static FarmServer Start(FarmServerOptions options, IReadOnlyList<Clip> clips, TimeProvider? time = null)
    {
        ArgumentOutOfRangeException.ThrowIfZero(clips.Count);
        return new FarmServer(options, clips, time ?? TimeProvider.System);
    }

    /// <summary>Where camera <paramref name="camera"/> (1 and up) is served.</summary>
    public Uri Url(int camera)
    {
        string host = _options.Address.Equals(IPAddress.Any) ? "127.0.0.1" : _options.Address.ToString();
        return new(string.Create(CultureInfo.InvariantCulture, $"rtsp://{host}:{Port}/cam/{camera}"));
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        _stop.Dispose();
    }

    /// <summary>Completes when the farm was disposed; fails when its loop did.</summary>
    public Task Completion => _loop;

    internal bool Has(RtspOddities oddity) => (_options.Oddities & oddity) != 0;

    /// <summary>The camera at <c>cam/7</c> or <c>7</c>; <c>null</c> when there is none.</summary>
    internal FarmCamera? FindCamera(string path)
    {
        ReadOnlySpan<char> number = path.StartsWith("cam/", StringComparison.Ordinal) ? path.AsSpan(4) : path;
        return int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value >= 1 && value <= _cameras.Length
            ? _cameras[value - 1]
            : null;
    }

    private async Task RunAsync()
    {
        using PeriodicTimer timer = new(_options.Tick, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                lock (_gate)
                {
                    Tick(MonotonicTime.Now(_time));
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }
        finally
        {
            lock (_gate)
            {
                CloseAll();
            }
        }
    }

    private void Tick(MonotonicTime now)
    {
        foreach (FarmCamera camera in _cameras)
        {
            camera.Tick(now);
        }

        Accept(now);
        HearReports(now);
        foreach (FarmConnection connection in _connections)
        {
            connection.Tick(now);
        }

        _connections.RemoveAll(connection => connection.IsClosed);
        _control?.Tick(now);
    }

    private void Accept(MonotonicTime now)
    {
        for (int i = 0; i < AcceptsPerTick && _listener.Poll(0, SelectMode.SelectRead); i++)
        {
            Socket socket;
            try
            {
                socket = _listener.Accept();
            }
            catch (SocketException)
            {
                // The client was gone before we came to it.
                continue;
            }

            if (_connections.Count >= _options.MaxConnections)
            {
                socket.Dispose();
                continue;
            }

            _connections.Add(new FarmConnection(this, socket, ++_connectionsSeen, NewSession, now));
        }
    }

    /// <summary>Receiver reports by UDP show that their sender lives.</summary>
    private void HearReports(MonotonicTime now)
    {
        SocketAddress from = new(_options.Address.AddressFamily);
        for (int i = 0; i < _connections.Count + 1 && RtcpSocket is { Available: > 0 }; i++)
        {
            try
            {
                RtcpSocket.ReceiveFrom(Scratch, SocketFlags.None, from);
            }
            catch (SocketException)
            {
                // An answer of the network to something we sent to a port that was closed.
                continue;
            }

            _ = _connections.Exists(connection => connection.TryHear(from, now));
        }
    }

    private void CloseAll()
    {
        foreach (FarmConnection connection in _connections)
        {
            connection.Close();
        }

        _control?.Dispose();
        _listener.Dispose();
        RtpSocket?.Dispose();
        RtcpSocket?.Dispose();
    }

    private FarmCamera[] MakeCameras()
    {
        MonotonicTime now = MonotonicTime.Now(_time);
        WallTime wall = WallTime.Now(_time);
        FarmCamera[] cameras = new FarmCamera[_options.Cameras];
        int first = _options.FirstClips > 0 ? Math.Min(_options.FirstClips, _clips.Count) : _clips.Count;
        for (int i = 0; i < cameras.Length; i++)
        {
            Clip clip = _clips[i % first];
            TimeSpan phase = _options.Phase == FarmPhase.Random ? clip.LoopDuration * Random.NextDouble() : TimeSpan.Zero;
            CameraClock clock = new(now, wall, phase);
            clock.SetDrift(_options.DriftPpm, now);
            cameras[i] = new FarmCamera(i + 1, clock)
            {
                Clip = clip,
                Presentation = _presentations[clip],
                Log = _options.SentLogUnits > 0 ? new SentLog(_options.SentLogUnits) : null,
            };
        }

        return cameras;
    }

    private RtspServerSession NewSession(IRtspServerHandler handler, MonotonicTime now)
    {
        RtspServerAuth? auth = _credentials is null
            ? null
            : new RtspServerAuth(_credentials, "Rookery farm", NextNonce(), _options.BasicOnly ? null : DigestAlgorithm.Md5);
        return new RtspServerSession(_sessionOptions, handler, NextNonce(), auth, now);
    }

    // Test cameras: what they show is no secret, and a seed that repeats a run is worth more than a name nobody can guess.
    private string NextNonce() => Random.NextInt64(long.MaxValue).ToString("x16", CultureInfo.InvariantCulture);

    internal static int PortOf(Socket socket) => ((IPEndPoint)socket.LocalEndPoint!).Port;

    internal static Socket Listen(IPAddress address, int port)
    {
        Socket listener = new(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            listener.Bind(new IPEndPoint(address, port));
            listener.Listen(1024);
            return listener;
        }
        catch
        {
            listener.Dispose();
            throw;
        }
    }

    /// <summary>Two adjacent free ports, the first of them even (RFC 3550 §11).</summary>
    private static (Socket Rtp, Socket Rtcp) BindPair(IPAddress address)
    {
        for (int attempt = 0; ; attempt++)
        {
            Socket first = new(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { Blocking = false };
            Socket second = new(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { Blocking = false };
            try
            {
                first.Bind(new IPEndPoint(address, 0));
                int port = PortOf(first);
                second.Bind(new IPEndPoint(address, port ^ 1));
                return (port & 1) == 0 ? (first, second) : (second, first);
            }
            catch (SocketException) when (attempt < 100)
            {
                first.Dispose();
                second.Dispose();
            }
        }
    }
}
