// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Media;

namespace Rookery.Farm.Packing;

/// <summary>
/// Cuts access units into RTP packets. Written apart from the packetizers and depacketizers of Rookery.Media on purpose: a camera that shared a misreading of an RFC with the recorder would hide it
/// from every end-to-end test.
/// </summary>
internal abstract class UnitPacker
{
    /// <summary>Payload bytes of a packet: with RTP, UDP and IP headers below the 1500 bytes of Ethernet, as cameras do it.</summary>
    public const int MaxPayloadBytes = 1400;

    /// <summary>Dynamic payload types, as most cameras number them.</summary>
    public abstract byte PayloadType { get; }

    /// <summary>The value of <c>rtpmap</c> behind the payload type.</summary>
    public abstract string RtpMap { get; }

    /// <summary>The value of <c>fmtp</c> behind the payload type; <c>null</c> for none.</summary>
    public abstract string? Parameters { get; }

    /// <param name="unit">In the form MP4 stores it.</param>
    /// <param name="isRandomAccess">Decoding can start here: parameter sets go first, so that a client that joins in the middle, or sees them change, has them.</param>
    /// <param name="wire">Takes the packets.</param>
    /// <exception cref="InvalidDataException">The unit is not of that form.</exception>
    public abstract void Pack(ReadOnlySpan<byte> unit, bool isRandomAccess, WireBuilder wire);

    /// <exception cref="FarmException">The coding cannot be served.</exception>
    public static UnitPacker Create(TrackFormat format) => format.Codec switch
    {
        Codec.H264 => new H264Packer(format),
        Codec.H265 => new H265Packer(format),
        Codec.Aac => new AacPacker(format),
        Codec.Pcmu or Codec.Pcma => new G711Packer(format),
        _ => throw new FarmException($"The farm cannot serve {format.Codec}."),
    };
}
