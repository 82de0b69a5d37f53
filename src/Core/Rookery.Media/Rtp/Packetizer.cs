// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Diagnostics.CodeAnalysis;

namespace Rookery.Media.Rtp;

/// <summary>Takes the packets that a packetizer makes.</summary>
public interface IRtpOutput
{
    /// <param name="packet">A whole RTP packet; valid during the call.</param>
    void OnPacket(ReadOnlySpan<byte> packet);
}

/// <summary>How packets are made.</summary>
public sealed record PacketizerOptions
{
    /// <summary>96 for most; 0 and 8 for G.711, 26 for JPEG.</summary>
    public int PayloadType { get; init; } = 96;

    public uint Ssrc { get; init; }

    public ushort FirstSequenceNumber { get; init; }

    /// <summary>Bytes of a packet after the RTP header. 1400 fits Ethernet with room for tunnels. 64 to 65,000.</summary>
    public int MaximumPayloadBytes
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 64);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 65_000);
            field = value;
        }
    }
    = 1400;

    /// <summary>Send the parameter sets of the format before each random access point, as cameras do.</summary>
    public bool ParameterSetsInBand { get; init; } = true;
}

/// <summary>Makes RTP packets of the access units of one track: the way back from <see cref="Depacketizer"/>. Allocates nothing per packet.</summary>
/// <remarks>Not safe for several threads.</remarks>
public abstract class Packetizer
{
    private readonly byte[] _packet;
    private readonly byte _payloadType;
    private IRtpOutput? _output;
    private uint _timestamp;

    private protected Packetizer(PacketizerOptions options)
    {
        _packet = new byte[RtpPacket.HeaderBytes + options.MaximumPayloadBytes];
        _payloadType = (byte)options.PayloadType;
        Ssrc = options.Ssrc;
        SequenceNumber = options.FirstSequenceNumber;
    }

    /// <summary>Of the packets to come.</summary>
    public uint Ssrc { get; set; }

    /// <summary>Of the next packet.</summary>
    public ushort SequenceNumber { get; set; }

    /// <summary>Units that the payload format cannot carry.</summary>
    public long UnitsLeftOut { get; private protected set; }

    /// <summary>Where the payload of the packet under way is put together.</summary>
    private protected Span<byte> Payload => _packet.AsSpan(RtpPacket.HeaderBytes);

    /// <param name="format">Of the track; a change of format wants a new packetizer.</param>
    /// <param name="options">How packets are made.</param>
    /// <param name="packetizer">What was made.</param>
    /// <param name="problem">For a person: why there is none.</param>
    public static bool TryCreate(
        TrackFormat format,
        PacketizerOptions options,
        [NotNullWhen(true)] out Packetizer? packetizer,
        [NotNullWhen(false)] out string? problem)
    {
        packetizer = format.Codec switch
        {
            Codec.H264 => new H264Packetizer(format, options),
            Codec.H265 => new H265Packetizer(format, options),
            Codec.Aac => new AacPacketizer(options),
            Codec.Pcmu or Codec.Pcma or Codec.Opus => new WholePacketizer(format, options),
            Codec.Jpeg => new JpegPacketizer(options),
            Codec.OnvifMetadata => new MetadataPacketizer(options),
            _ => null,
        };
        problem = packetizer is null ? $"{format.Codec} is not sent by RTP." : null;
        return packetizer is not null;
    }

    /// <param name="unit">As a depacketizer hands it over.</param>
    /// <param name="rtpTimestamp">Of all its packets: the presentation time modulo 2^32.</param>
    /// <param name="output">Takes the packets, in order.</param>
    public void Packetize(in AccessUnit unit, uint rtpTimestamp, IRtpOutput output) =>
        Packetize(unit.Data.Span, unit.IsRandomAccess, rtpTimestamp, output);

    /// <inheritdoc cref="Packetize(in AccessUnit, uint, IRtpOutput)"/>
    public void Packetize(ReadOnlySpan<byte> data, bool isRandomAccess, uint rtpTimestamp, IRtpOutput output)
    {
        _output = output;
        _timestamp = rtpTimestamp;
        Write(data, isRandomAccess);
        _output = null;
    }

    private protected abstract void Write(ReadOnlySpan<byte> data, bool isRandomAccess);

    /// <summary>Sends the first <paramref name="payloadBytes"/> of <see cref="Payload"/>.</summary>
    private protected void Send(int payloadBytes, bool marker) => Send(payloadBytes, marker, timestampOffset: 0);

    private protected void Send(int payloadBytes, bool marker, uint timestampOffset)
    {
        RtpPacket.WriteHeader(_packet, _payloadType, marker, SequenceNumber++, _timestamp + timestampOffset, Ssrc);
        _output!.OnPacket(_packet.AsSpan(0, RtpPacket.HeaderBytes + payloadBytes));
    }
}
