// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;
using Rookery.Media;
using Rookery.Media.Rtp;
using Rookery.Recording;

namespace Rookery.Encoders;

/// <summary>One track from packets to access units with wall time.</summary>
internal sealed class TrackPipeline : IAccessUnitSink, IDisposable
{
    private readonly int _index;
    private readonly ISessionSink _sink;
    private readonly TimeProvider _clock;
    private readonly Action _onClockSetBack;
    private readonly WallClockMapper _mapper;
    private readonly int _clockRate;
    private readonly Depacketizer? _depacketizer;
    private SenderInfo? _earlyReport;
    private double? _drift;

    public TrackPipeline(int index, RtpPayloadFormat payload, BlockPool pool, ISessionSink sink, TimeProvider clock, TimeSpan trustLimit, Action onClockSetBack)
    {
        _index = index;
        _sink = sink;
        _clock = clock;
        _onClockSetBack = onClockSetBack;
        _clockRate = payload.ClockRate;
        _mapper = new WallClockMapper(payload.ClockRate, trustLimit);
        Depacketizer.TryCreate(payload, pool, this, out _depacketizer, out string? problem);
        Problem = problem;
    }

    /// <summary>Why the track cannot be taken apart; <c>null</c> when it can.</summary>
    public string? Problem { get; }

    public void Push(in RtpPacket packet, bool lossBefore)
    {
        _depacketizer?.Push(packet, lossBefore);
    }

    public void OnSenderReport(in SenderInfo info)
    {
        // A camera without a wall clock sends zeros. Before the first unit there is no media time to compare with.
        if (info.NtpTimestamp == 0 || _depacketizer is null)
        {
            return;
        }

        if (_depacketizer.Counters.Units == 0)
        {
            _earlyReport = info;
            return;
        }

        _mapper.OnSenderReport(_depacketizer.MediaTimeOf(info.RtpTimestamp), info.Wall);
    }

    public void OnFormat(TrackFormat format) => _sink.OnFormat(_index, format);

    public void OnAccessUnit(in AccessUnit unit)
    {
        if (_earlyReport is { } early)
        {
            _earlyReport = null;
            _mapper.OnSenderReport(_depacketizer!.MediaTimeOf(early.RtpTimestamp), early.Wall);
        }

        // The mapping follows decode time, because that grows; what is told is when the picture was captured, which its presentation time says. Told otherwise, the records of reordered
        // pictures would seem to lie some pictures earlier or later, each by another distance, and sound beside them would be cut to fit.
        WallTime decoded = _mapper.Map(unit.DecodeTime, unit.PresentationTime, WallTime.Now(_clock), out ClockEvent clockEvent);
        WallTime wall = decoded + TimeSpan.FromMicroseconds(unit.CompositionOffset * 1_000_000L / _clockRate);
        if (clockEvent == ClockEvent.None)
        {
            _sink.OnAccessUnit(_index, unit, wall);
        }
        else
        {
            AccessUnit flagged = unit with { Flags = unit.Flags | AccessUnitFlags.LossBefore };
            _sink.OnAccessUnit(_index, flagged, wall);
        }

        if (clockEvent == ClockEvent.SetBack)
        {
            _onClockSetBack();
        }

        if (_index == 0 && _mapper.DriftPartsPerMillion is { } drift && drift != _drift)
        {
            _drift = drift;
            _sink.OnDrift(drift);
        }
    }

    public void Dispose() => _depacketizer?.Dispose();
}
