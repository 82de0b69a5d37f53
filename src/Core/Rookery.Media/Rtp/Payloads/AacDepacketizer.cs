// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;
using Rookery.Media.Bitstream;

namespace Rookery.Media.Rtp;

/// <summary>
/// AAC in RTP as MPEG4-GENERIC (RFC 3640): AU headers of any width (AAC-hbr: 13 and 3 bits), several access units in a packet, one in several packets.
/// Interleaving (§3.2.3.2) is read in the order of arrival.
/// </summary>
internal sealed class AacDepacketizer : Depacketizer
{
    /// <summary>AAC allows 6144 bits per channel and frame; 8 channels make 6 KiB.</summary>
    private const int MaximumUnitBytes = 8 << 10;

    /// <summary>A packet of 64 KiB with the smallest units; more is a made-up count.</summary>
    private const int MaximumUnitsInPacket = 256;

    private readonly TrackFormat _format;
    private readonly AuHeaderLayout _layout;
    private readonly long _unitDuration;
    private int _fragmentSize;
    private long _fragmentTime;

    private AacDepacketizer(
        RtpPayloadFormat payload, BlockPool pool, IAccessUnitSink sink, TrackFormat format, AuHeaderLayout layout, long unitDuration)
        : base(payload, pool, sink, AudioBlockBytes, TimeSpan.FromDays(1))
    {
        _format = format;
        _layout = layout;
        _unitDuration = unitDuration;
    }

    public static AacDepacketizer? TryCreate(RtpPayloadFormat payload, BlockPool pool, IAccessUnitSink sink, out string? problem)
    {
        if (!TryReadConfiguration(payload, out byte[] bytes, out AudioSpecificConfig config))
        {
            problem = "The session description gives no usable AAC configuration (fmtp config).";
            return null;
        }

        problem = null;
        long duration = payload.Parameter("constantDuration", 0, 1, 1 << 16);
        if (duration == 0)
        {
            duration = (long)config.FrameLength * payload.ClockRate / config.CoreSampleRate;
        }

        return new AacDepacketizer(
            payload, pool, sink, TrackFormat.FromAac(bytes, payload.ClockRate)!, AuHeaderLayout.From(payload), Math.Max(1, duration));
    }

    public override void Flush() => AbandonFragment();

    private protected override void OnLoss() => AbandonFragment();

    private protected override void Take(ReadOnlySpan<byte> payload, long time, bool marker)
    {
        if (_layout.IsEmpty)
        {
            EmitUnit(payload, time);
            return;
        }

        BitReader headers = new(payload);
        int headerBits = (int)headers.Bits(16);
        int dataStart = 2 + ((headerBits + 7) / 8);
        if (headers.IsPastEnd || headerBits < _layout.MinimumBits || dataStart > payload.Length)
        {
            AbandonFragment();
            NoteCorrupt();
            return;
        }

        headers = new BitReader(payload[2..dataStart]);
        ReadOnlySpan<byte> data = payload[dataStart..];
        if (!_layout.TrySkipAuxiliary(ref data))
        {
            NoteCorrupt();
            return;
        }

        TakeUnits(ref headers, headerBits, data, time, marker);
    }

    private static bool TryReadConfiguration(RtpPayloadFormat payload, out byte[] bytes, out AudioSpecificConfig config)
    {
        bytes = [];
        string? text = payload.Parameter("config");
        if (text is { Length: > 0 and <= 256 } && text.Length % 2 == 0 && text.All(char.IsAsciiHexDigit))
        {
            bytes = Convert.FromHexString(text);
        }

        if (AudioSpecificConfig.TryParse(bytes, out config))
        {
            return true;
        }

        // Some cameras leave it out: then it is AAC-LC at the clock rate.
        bytes = AudioSpecificConfig.ForAacLc(payload.ClockRate, Math.Max(1, payload.Channels));
        return AudioSpecificConfig.TryParse(bytes, out config);
    }

    private void TakeUnits(ref BitReader headers, int headerBits, ReadOnlySpan<byte> data, long time, bool marker)
    {
        for (int unit = 0; unit < MaximumUnitsInPacket && headers.Position + _layout.MinimumBits <= headerBits; unit++)
        {
            (int size, int indexDelta) = _layout.ReadHeader(ref headers, isFirst: unit == 0);
            if (headers.IsPastEnd || size == 0 || size > MaximumUnitBytes)
            {
                AbandonFragment();
                NoteCorrupt();
                return;
            }

            time += unit == 0 ? 0 : (indexDelta + 1) * _unitDuration;
            if (size > data.Length)
            {
                TakeFragment(size, data, time, marker, isAlone: unit == 0);
                return;
            }

            if (_fragmentSize > 0)
            {
                TakeFragment(size, data, time, marker, isAlone: true);
                return;
            }

            EmitUnit(data[..size], time);
            data = data[size..];
        }
    }

    /// <summary>§3.2.3.1: every fragment is alone in its packet and names the size of the whole; the last one has the marker.</summary>
    private void TakeFragment(int size, ReadOnlySpan<byte> data, long time, bool marker, bool isAlone)
    {
        if (!isAlone || (_fragmentSize > 0 && (size != _fragmentSize || time != _fragmentTime)))
        {
            AbandonFragment();
            NoteCorrupt();
            if (!isAlone)
            {
                return;
            }
        }

        _fragmentSize = size;
        _fragmentTime = time;
        if (Buffer.Length + data.Length > size || (marker && Buffer.Length + data.Length < size))
        {
            AbandonFragment();
            NoteCorrupt();
        }
        else if (!Buffer.TryAppend(data))
        {
            _fragmentSize = 0;
            NoteOutOfMemory();
        }
        else if (Buffer.Length == size)
        {
            _fragmentSize = 0;
            EmitBuffer(time);
        }
    }

    private void EmitUnit(ReadOnlySpan<byte> data, long time)
    {
        if (data.IsEmpty || data.Length > MaximumUnitBytes)
        {
            NoteCorrupt();
        }
        else if (!Buffer.TryAppend(data))
        {
            NoteOutOfMemory();
        }
        else
        {
            EmitBuffer(time);
        }
    }

    private void EmitBuffer(long time)
    {
        if (Format is null)
        {
            Announce(_format);
        }

        Emit(time, AccessUnitFlags.RandomAccess);
    }

    private void AbandonFragment()
    {
        if (_fragmentSize > 0)
        {
            _fragmentSize = 0;
            DropUnit();
        }
    }
}
