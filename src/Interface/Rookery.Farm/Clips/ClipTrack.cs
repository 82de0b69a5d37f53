// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Media;

namespace Rookery.Farm.Clips;

/// <summary>
/// A track of a clip as it goes over the wire: all packets of one round, one behind the other, each with its interleaved frame header (RFC 2326 §10.12) in front,
/// so that one access unit is one copy and, for TCP, needs nothing but patching.
/// </summary>
public sealed class ClipTrack
{
    private readonly byte[] _wire;
    private readonly int[] _packetOffsets;
    private readonly ClipUnit[] _units;

    /// <param name="format">What the units are coded in.</param>
    /// <param name="payloadType">RTP payload type of every packet, 0 to 127.</param>
    /// <param name="rtpMap">What the session description says of it, behind the payload type.</param>
    /// <param name="parameters">Likewise its format parameters; <c>null</c> for none.</param>
    /// <param name="wire">Frames back to back.</param>
    /// <param name="packetOffsets">Where each frame begins, and at the end the length of <paramref name="wire"/>.</param>
    /// <param name="units">In decode order, decode times not falling; at least one.</param>
    internal ClipTrack(TrackFormat format, byte payloadType, string rtpMap, string? parameters, byte[] wire, int[] packetOffsets, ClipUnit[] units)
    {
        ArgumentOutOfRangeException.ThrowIfZero(units.Length);
        Format = format;
        PayloadType = payloadType;
        RtpMap = rtpMap;
        Parameters = parameters;
        _wire = wire;
        _packetOffsets = packetOffsets;
        _units = units;
        PayloadBytes = units.Sum(unit => (long)unit.SizeBytes);
        LargestUnitBytes = Enumerable.Range(0, units.Length).Max(index => WireOf(index).Length);
    }

    public TrackFormat Format { get; }

    public byte PayloadType { get; }

    internal string RtpMap { get; }

    internal string? Parameters { get; }

    public ReadOnlySpan<ClipUnit> Units => _units;

    /// <summary>Coded bytes of one round.</summary>
    public long PayloadBytes { get; }

    /// <summary>Bytes on the wire of the largest unit, frame headers included.</summary>
    public int LargestUnitBytes { get; }

    /// <summary>All packets of a unit with their frame headers.</summary>
    public ReadOnlySpan<byte> WireOf(int unit)
    {
        int start = _packetOffsets[_units[unit].FirstPacket];
        return _wire.AsSpan(start, _packetOffsets[EndPacket(unit)] - start);
    }

    public int PacketCount(int unit) => EndPacket(unit) - _units[unit].FirstPacket;

    private int EndPacket(int unit) => unit + 1 < _units.Length ? _units[unit + 1].FirstPacket : _packetOffsets.Length - 1;
}
