// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Diagnostics.CodeAnalysis;
using Rookery.Foundation;

namespace Rookery.Media.Rtp;

/// <summary>What a depacketizer met, for diagnosis. Counts only grow.</summary>
public record struct DepacketizerCounters
{
    /// <summary>Access units handed over.</summary>
    public long Units { get; internal set; }

    /// <summary>Access units that could not be handed over: incomplete, without a known format, or no memory.</summary>
    public long DroppedUnits { get; internal set; }

    /// <summary>Payloads that do not follow their RFC.</summary>
    public long CorruptPayloads { get; internal set; }

    /// <summary>Packets of another payload type.</summary>
    public long ForeignPackets { get; internal set; }

    /// <summary>Of the dropped units, those for which the pool had no block.</summary>
    public long OutOfMemory { get; internal set; }
}

/// <summary>
/// Makes access units of the RTP packets of one track. Takes packets in order; what is lost, corrupt or too large is dropped, counted, and
/// shown as <see cref="AccessUnitFlags.LossBefore"/> on the next unit: nothing that a camera sends makes it throw.
/// </summary>
/// <remarks>
/// Design: docs/design/media.md. Not safe for several threads; the sink is called inside <see cref="Push"/> and <see cref="Flush"/>.
/// Allocates nothing per packet: units are written into blocks of the pool, of which it holds one at a time.
/// </remarks>
public abstract class Depacketizer : IDisposable
{
    /// <summary>After this many packets of another type and none of the announced one, the camera means that other type.</summary>
    private const int ForeignPacketsBelieved = 100;

    /// <summary>64 KiB: about 120 ms of 4 Mbit/s video, so that a block is given back soon after its commit.</summary>
    protected const int VideoBlockBytes = 64 << 10;

    /// <summary>4 KiB: about a second of AAC at 32 kbit/s.</summary>
    protected const int AudioBlockBytes = 4 << 10;

    private readonly IAccessUnitSink _sink;
    private int _payloadType;
    private MediaClock _clock;
    private long _clockJumps;
    private long _lastDecode = long.MinValue;
    private bool _lossPending;
    private protected DepacketizerCounters _counters;

    private protected Depacketizer(RtpPayloadFormat payload, BlockPool pool, IAccessUnitSink sink, int blockBytes, TimeSpan longestPause)
    {
        _sink = sink;
        _payloadType = payload.PayloadType;
        _clock = new MediaClock((long)(longestPause.TotalSeconds * payload.ClockRate));
        Buffer = new AccessUnitBuffer(pool, blockBytes);
    }

    /// <summary>The format given to the sink last; <c>null</c> before the first.</summary>
    public TrackFormat? Format { get; private set; }

    public DepacketizerCounters Counters => _counters;

    /// <summary>Times the camera's RTP clock was set to something else, which media time does not follow.</summary>
    public long ClockJumps => _clock.Jumps;

    internal AccessUnitBuffer Buffer { get; }

    /// <summary>Makes a depacketizer.</summary>
    /// <param name="payload">What the session description says.</param>
    /// <param name="pool">Where blocks come from.</param>
    /// <param name="sink">Takes formats and units.</param>
    /// <param name="depacketizer">The caller disposes it.</param>
    /// <param name="problem">For a person: why there is none.</param>
    public static bool TryCreate(
        RtpPayloadFormat payload,
        BlockPool pool,
        IAccessUnitSink sink,
        [NotNullWhen(true)] out Depacketizer? depacketizer,
        [NotNullWhen(false)] out string? problem)
    {
        depacketizer = null;
        if (payload.ClockRate is < 1000 or > 1_000_000)
        {
            problem = $"The clock rate {payload.ClockRate} of {payload.EncodingName} makes no sense.";
            return false;
        }

        problem = null;
        depacketizer = payload.Codec switch
        {
            Codec.H264 => new H264Depacketizer(payload, pool, sink),
            Codec.H265 => new H265Depacketizer(payload, pool, sink),
            Codec.Jpeg => new JpegDepacketizer(payload, pool, sink),
            Codec.OnvifMetadata => new MetadataDepacketizer(payload, pool, sink),
            Codec.Aac when payload.EncodingName.Equals("MP4A-LATM", StringComparison.OrdinalIgnoreCase) =>
                LatmDepacketizer.TryCreate(payload, pool, sink, out problem),
            Codec.Aac => AacDepacketizer.TryCreate(payload, pool, sink, out problem),
            Codec.Pcmu or Codec.Pcma or Codec.Opus => new WholeDepacketizer(payload, pool, sink),
            _ => null,
        };
        if (depacketizer is null)
        {
            problem ??= $"The encoding {payload.EncodingName} is not known.";
        }

        return depacketizer is not null;
    }

    /// <summary>Takes the next packet.</summary>
    /// <param name="packet">Its bytes are copied during the call.</param>
    /// <param name="lossBefore">Packets of this track between the one before and this one are missing.</param>
    public void Push(in RtpPacket packet, bool lossBefore)
    {
        if (lossBefore)
        {
            _lossPending = true;
            OnLoss();
        }

        if (packet.PayloadType != _payloadType && _payloadType >= 0)
        {
            // Dahua sends private packets of type 107 between those of the video; other cameras announce one type and send another.
            _counters.ForeignPackets++;
            if (_counters.Units > 0 || _counters.ForeignPackets < ForeignPacketsBelieved)
            {
                return;
            }

            _payloadType = packet.PayloadType;
        }

        long time = _clock.Unwrap(packet.Timestamp);
        if (_clock.Jumps != _clockJumps)
        {
            _clockJumps = _clock.Jumps;
            _lossPending = true;
        }

        Take(packet.Payload, time, packet.Marker);
    }

    /// <summary>Ends the access unit under way and hands it over: no more packets will come, or not for long.</summary>
    public abstract void Flush();

    /// <summary>The media time of a sender report's RTP timestamp, on the same scale as <see cref="AccessUnit.PresentationTime"/>.</summary>
    public long MediaTimeOf(uint rtpTimestamp) => _clock.Map(rtpTimestamp);

    /// <summary>Drops the access unit under way and releases the block.</summary>
    public void Dispose()
    {
        Buffer.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected abstract void Take(ReadOnlySpan<byte> payload, long time, bool marker);

    /// <summary>Packets are missing before the one that is about to be taken.</summary>
    private protected virtual void OnLoss()
    {
    }

    private protected void Announce(TrackFormat format)
    {
        Format = format;
        _sink.OnFormat(format);
    }

    /// <summary>Something was dropped: the next unit carries <see cref="AccessUnitFlags.LossBefore"/>.</summary>
    private protected void NoteLoss() => _lossPending = true;

    private protected void NoteCorrupt()
    {
        _counters.CorruptPayloads++;
        _lossPending = true;
    }

    private protected void NoteOutOfMemory()
    {
        _counters.OutOfMemory++;
        DropUnit();
    }

    /// <summary>Drops the unit under way.</summary>
    private protected void DropUnit()
    {
        _counters.DroppedUnits++;
        Buffer.Truncate(0);
        _lossPending = true;
    }

    /// <summary>Hands over what is in the buffer, for media without reordering.</summary>
    private protected void Emit(long time, AccessUnitFlags flags) => Emit(time, compositionOffset: 0, flags);

    /// <summary>Hands over what is in the buffer. A decode time that does not grow is moved behind the one before it.</summary>
    private protected void Emit(long decodeTime, long compositionOffset, AccessUnitFlags flags)
    {
        if (decodeTime <= _lastDecode)
        {
            compositionOffset -= _lastDecode + 1 - decodeTime;
            decodeTime = _lastDecode + 1;
        }

        _lastDecode = decodeTime;
        if (_lossPending)
        {
            flags |= AccessUnitFlags.LossBefore;
            _lossPending = false;
        }

        _counters.Units++;
        AccessUnit unit = new(decodeTime, (int)Math.Clamp(compositionOffset, 0, int.MaxValue), flags, Buffer.Seal());
        _sink.OnAccessUnit(in unit);
    }
}
