// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;
using Rookery.Media.Rtp;

namespace Rookery.Rtsp;

/// <summary>One track of a session as it is received: which source it follows, what is missing, what to report back.</summary>
internal sealed class TrackReceiver(ClientTrack track)
{
    /// <summary>Packets in a row from another source before it is followed: a stray one of an earlier session is not.</summary>
    private const int NewSourceAfter = 3;

    private SequenceTracker _sequence;
    private uint _ssrc;
    private bool _hasSource;
    private uint _otherSsrc;
    private int _otherCount;
    private uint _lastReport;
    private MonotonicTime _lastReportAt;

    public ClientTrack Track { get; } = track;

    /// <summary>Interleaved channels; <c>null</c> for a track that goes over UDP, or was refused.</summary>
    public NumberPair? Channels { get; set; }

    public bool IsSetUp { get; set; }

    /// <summary>Puts datagrams in order; <c>null</c> over TCP, which keeps order by itself.</summary>
    public ReorderBuffer? Reordering { get; set; }

    /// <summary>Packets dropped because they came from another source, or twice.</summary>
    public long Dropped { get; private set; }

    /// <summary>Whether a packet is to be taken.</summary>
    /// <param name="packet">In the order of arrival.</param>
    /// <param name="lossBefore">Packets before it are missing.</param>
    public bool Accept(in RtpPacket packet, out bool lossBefore)
    {
        lossBefore = false;
        if (packet.Ssrc != _ssrc || !_hasSource)
        {
            if (!Follow(packet.Ssrc))
            {
                Dropped++;
                return false;
            }

            lossBefore = _hasSource;
            _hasSource = true;
        }

        _otherCount = 0;
        SequenceOrder order = _sequence.Track(packet.SequenceNumber);
        lossBefore |= order is SequenceOrder.AfterLoss or SequenceOrder.Restart;
        if (order == SequenceOrder.Behind)
        {
            Dropped++;
            return false;
        }

        return true;
    }

    /// <summary>Takes a sender report of the source that is followed.</summary>
    /// <returns><c>false</c> for one of another source.</returns>
    public bool AcceptReport(uint ssrc, in SenderInfo info, MonotonicTime now)
    {
        if (_hasSource && ssrc != _ssrc)
        {
            return false;
        }

        _lastReport = info.CompactNtp;
        _lastReportAt = now;
        return true;
    }

    /// <summary>Whether there is something to report.</summary>
    public bool CanReport => _hasSource;

    /// <summary>Reports jitter 0: reads are gathered over 100 ms, and a camera that adapts its rate must not take that for a bad network.</summary>
    public ReportBlock Report(MonotonicTime now)
    {
        uint delay = _lastReport == 0 ? 0 : (uint)Math.Clamp((now - _lastReportAt).TotalSeconds * 65536, 0, uint.MaxValue);
        return _sequence.Report(_ssrc, _lastReport, delay);
    }

    private bool Follow(uint ssrc)
    {
        if (_hasSource)
        {
            _otherCount = ssrc == _otherSsrc ? _otherCount + 1 : 1;
            _otherSsrc = ssrc;
            if (_otherCount < NewSourceAfter)
            {
                return false;
            }

            _sequence = default;
            _lastReport = 0;
        }

        _ssrc = ssrc;
        return true;
    }
}
