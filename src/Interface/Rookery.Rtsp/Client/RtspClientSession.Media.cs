// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;
using Rookery.Media.Rtp;

namespace Rookery.Rtsp;

/// <summary>Packets, reports, keep-alives and the watch over a stream that stops.</summary>
public sealed partial class RtspClientSession
{
    // 0: not in use; 2 × track + 1: RTP; 2 × track + 2: RTCP.
    private readonly byte[] _channels = new byte[256];
    private int _channelsInUse;
    private bool _tracksTold;
    private bool _playedWithoutRange;
    private TimeSpan _sessionTimeout = SessionHeader.DefaultTimeout;
    private MonotonicTime _nextKeepAlive;
    private MonotonicTime _nextReport;
    private MonotonicTime _lastMedia;
    private bool _hasMedia;

    /// <summary>Frames and datagrams that belong to no track, or are no RTP.</summary>
    public long DroppedPackets { get; private set; }

    /// <summary>The driver left datagrams unread: what is missing may lie among them, and is not given up yet.</summary>
    public bool DatagramsWait { get; set; }

    /// <summary>A datagram that came to one of the ports of a track.</summary>
    public void ReceiveDatagram(int track, bool isRtcp, ReadOnlySpan<byte> datagram, MonotonicTime now)
    {
        _now = now;
        if (!IsRunning || track >= _tracks.Length)
        {
            return;
        }

        if (isRtcp || RtpPacket.LooksLikeRtcp(datagram) || _tracks[track].Reordering is not { } reordering)
        {
            OnData(track, isRtcp, datagram);
        }
        else
        {
            reordering.Push(datagram, now);
        }
    }

    private void BeginPlaying()
    {
        _state = SessionState.Playing;
        _step = RtspStep.Media;
        _lastMedia = _now;
        _nextKeepAlive = _now + KeepAliveInterval;
        _nextReport = _now + _options.ReportInterval;
    }

    /// <summary>Half of what the server allows, so that one may get lost; not below 1 s.</summary>
    private TimeSpan KeepAliveInterval => TimeSpan.FromSeconds(Math.Max(1, _sessionTimeout.TotalSeconds / 2));

    private void OnFrame(byte channel, ReadOnlySpan<byte> data, ReadOnlySpan<byte> behind)
    {
        int use = _channels[channel];
        if (use != 0)
        {
            _garbageBytes = 0;
            OnData((use - 1) >> 1, ((use - 1) & 1) != 0, data);
            return;
        }

        // A frame for nobody is data of an earlier session (known of servers built on LIVE555), or no frame at all: the bytes behind it tell.
        DroppedPackets++;
        if (!behind.IsEmpty && behind[0] is not (InterleavedFrame.Magic or (byte)'R' or (byte)'\r' or (byte)'\n'))
        {
            _garbageBytes += data.Length;
        }
    }

    private void OnData(int index, bool isRtcp, ReadOnlySpan<byte> data)
    {
        // Both on one channel is met as well (RFC 5761).
        if (isRtcp || RtpPacket.LooksLikeRtcp(data))
        {
            OnRtcp(index, data);
        }
        else if (RtpPacket.TryParse(data, out RtpPacket packet, out _))
        {
            OnRtp(index, packet);
        }
        else
        {
            DroppedPackets++;
        }
    }

    private void OnRtp(int index, in RtpPacket packet)
    {
        if (!_tracksTold || !IsRunning || !_tracks[index].Accept(packet, out bool lossBefore))
        {
            DroppedPackets++;
            return;
        }

        if (index == 0)
        {
            _lastMedia = _now;
            _hasMedia = true;
        }

        _sink.OnPacket(index, packet, lossBefore, _now);
    }

    private void OnRtcp(int index, ReadOnlySpan<byte> data)
    {
        RtcpReader reader = new(data);
        while (reader.TryRead())
        {
            if (reader.HasSenderInfo && _tracks[index].AcceptReport(reader.Ssrc, reader.SenderInfo, _now) && _tracksTold)
            {
                _sink.OnSenderReport(index, reader.SenderInfo, _now);
            }
        }
    }

    /// <summary>Takes the packets of a track that came by UDP, in order. The sequence tracker sees a loss by itself.</summary>
    private sealed class InOrder(RtspClientSession session, int index) : IRtpPacketSink
    {
        public void OnPacket(in RtpPacket packet, bool lossBefore) => session.OnRtp(index, packet);
    }

    private void TickPlaying()
    {
        foreach (TrackReceiver track in DatagramsWait ? [] : _tracks)
        {
            track.Reordering?.Tick(_now);
        }

        if (_now - _lastMedia > _options.StallTimeout)
        {
            string seconds = $"{_options.StallTimeout.TotalSeconds:0.#} s";
            End(
                _hasMedia ? RtspEndReason.Stalled : RtspEndReason.NoMedia,
                0,
                _hasMedia ? $"The camera sent no picture for {seconds}, though the connection stands." : $"The camera answered PLAY, but sent no picture within {seconds}.");
            return;
        }

        if (_pending is { } keepAlive && _now >= keepAlive.Deadline)
        {
            // Cameras are met that announce GET_PARAMETER and never answer it, and others that live on it alone: the other method is next.
            Note("A keep-alive was not answered.");
            _canGetParameter = !_canGetParameter;
            _abandonedCSeq = keepAlive.CSeq;
            _pending = null;
        }

        if (_now >= _nextKeepAlive && _pending is null)
        {
            _nextKeepAlive = _now + KeepAliveInterval;
            Send(_canGetParameter ? RtspMethods.GetParameter : RtspMethods.Options, _aggregateUrl, OnKeepAlive);
        }

        if (_now >= _nextReport)
        {
            _nextReport = _now + _options.ReportInterval;
            SendReports();
        }
    }

    /// <summary>A refused keep-alive does not end a stream that runs: that is left to the packets. The other method is tried next.</summary>
    private void OnKeepAlive(RtspResponse response)
    {
        if (!response.IsSuccess)
        {
            Note($"A keep-alive was answered with {response.StatusCode}.");
            _canGetParameter = !_canGetParameter;
        }
    }

    private void SendReports()
    {
        Span<byte> buffer = stackalloc byte[InterleavedFrame.HeaderBytes + 128];
        Span<ReportBlock> block = stackalloc ReportBlock[1];
        for (int i = 0; i < _tracks.Length; i++)
        {
            TrackReceiver track = _tracks[i];
            if (!track.CanReport)
            {
                continue;
            }

            block[0] = track.Report(_now);
            RtcpWriter writer = new(buffer[InterleavedFrame.HeaderBytes..]);
            writer.ReceiverReport(_ssrc, block);
            writer.SourceDescription(_ssrc, "rookery"u8);
            if (track.Channels is { } channels)
            {
                InterleavedFrame.WriteHeader(buffer, (byte)channels.Second, writer.Length);
                _output.Add(buffer[..(InterleavedFrame.HeaderBytes + writer.Length)].ToArray());
            }
            else if (track.IsSetUp)
            {
                _udp?.Datagrams.Send(i, isRtcp: true, buffer.Slice(InterleavedFrame.HeaderBytes, writer.Length));
            }
        }
    }

    private void SendTeardown()
    {
        if (_aggregateUrl.Length > 0)
        {
            _output.Add(Build(RtspMethods.Teardown, _aggregateUrl, ++_lastCSeq, []).ToBytes());
        }
    }
}
