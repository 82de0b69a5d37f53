// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;
using Rookery.Media.Bitstream;

namespace Rookery.Media.Rtp;

/// <summary>AAC in RTP as MP4A-LATM (RFC 6416 §6) with the configuration in the session description: one audio frame in an element, ended by the marker.</summary>
internal sealed class LatmDepacketizer : Depacketizer
{
    private const int MaximumElementBytes = 8 << 10;

    private readonly TrackFormat _format;
    private long _time;
    private bool _isDropped;

    private LatmDepacketizer(RtpPayloadFormat payload, BlockPool pool, IAccessUnitSink sink, TrackFormat format)
        : base(payload, pool, sink, AudioBlockBytes, TimeSpan.FromDays(1)) => _format = format;

    public static LatmDepacketizer? TryCreate(RtpPayloadFormat payload, BlockPool pool, IAccessUnitSink sink, out string? problem)
    {
        string? text = payload.Parameter("config");
        if (payload.Parameter("cpresent", fallback: 1, 0, 1) == 1 || text is not { Length: > 0 and <= 256 } || text.Length % 2 != 0
            || !text.All(char.IsAsciiHexDigit) || !TryReadStreamMux(Convert.FromHexString(text), out byte[] bytes)
            || TrackFormat.FromAac(bytes, payload.ClockRate) is not { } format)
        {
            problem = "Only MP4A-LATM with one frame an element and its configuration in the session description is read (cpresent=0, config).";
            return null;
        }

        problem = null;
        return new LatmDepacketizer(payload, pool, sink, format);
    }

    public override void Flush() => Abandon();

    private protected override void OnLoss()
    {
        Abandon();
        _isDropped = true;
    }

    private protected override void Take(ReadOnlySpan<byte> payload, long time, bool marker)
    {
        if (time != _time)
        {
            Abandon();
            _time = time;
            _isDropped = false;
        }

        if (!_isDropped && Buffer.Length + payload.Length > MaximumElementBytes)
        {
            Abandon();
            NoteCorrupt();
            _isDropped = true;
        }
        else if (!_isDropped && !Buffer.TryAppend(payload))
        {
            NoteOutOfMemory();
            _isDropped = true;
        }

        if (marker && !_isDropped)
        {
            Finish();
        }

        _isDropped &= !marker;
    }

    /// <summary>StreamMuxConfig (ISO/IEC 14496-3 §1.7.3.1): one program, one layer, one frame; the AudioSpecificConfig in it, moved to a byte boundary.</summary>
    internal static bool TryReadStreamMux(ReadOnlySpan<byte> mux, out byte[] audioSpecificConfig)
    {
        audioSpecificConfig = [];
        BitReader reader = new(mux);
        bool isNewer = reader.Flag();
        bool sameTime = reader.Flag();
        uint subFrames = reader.Bits(6);
        uint programs = reader.Bits(4);
        uint layers = reader.Bits(3);
        int start = reader.Position;
        if (isNewer || !sameTime || subFrames != 0 || programs != 0 || layers != 0 || !AudioSpecificConfig.TryParse(ref reader, out _))
        {
            return false;
        }

        // Two flags of the AAC core follow what was read: dependsOnCoreCoder and extensionFlag, both 0 for the object types in question.
        int bits = reader.Position - start + 2;
        byte[] bytes = new byte[(bits + 7) / 8];
        BitReader again = new(mux);
        again.Skip(start);
        for (int i = 0; i < bits && again.BitsLeft > 0; i++)
        {
            bytes[i / 8] |= (byte)((again.Flag() ? 0x80 : 0) >> (i % 8));
        }

        audioSpecificConfig = bytes;
        return true;
    }

    /// <summary>PayloadLengthInfo (§1.7.3.1) is a sum of bytes up to the first that is not 255.</summary>
    private void Finish()
    {
        Span<byte> content = Buffer.Content;
        int length = 0;
        int header = 0;
        while (header < content.Length && content[header] == 255)
        {
            length += content[header++];
        }

        length += header < content.Length ? content[header++] : 0;
        if (length == 0 || length > content.Length - header)
        {
            Buffer.Truncate(0);
            NoteCorrupt();
            return;
        }

        content.Slice(header, length).CopyTo(content);
        Buffer.Truncate(length);
        if (Format is null)
        {
            Announce(_format);
        }

        Emit(_time, AccessUnitFlags.RandomAccess);
    }

    private void Abandon()
    {
        if (Buffer.Length > 0)
        {
            DropUnit();
        }
    }
}
