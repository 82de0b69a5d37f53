// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Media.Rtp;

namespace Rookery.Media.Tests;

/// <summary>Keeps copies of all that a depacketizer hands over, and checks what holds for every unit.</summary>
internal sealed class CollectingSink : IAccessUnitSink
{
    public List<TrackFormat> Formats { get; } = [];

    public List<Unit> Units { get; } = [];

    public void OnFormat(TrackFormat format) => Formats.Add(format);

    public void OnAccessUnit(in AccessUnit unit)
    {
        Formats.ShouldNotBeEmpty("a format comes before the first unit");
        unit.Data.Length.ShouldBePositive();
        unit.CompositionOffset.ShouldBeGreaterThanOrEqualTo(0);
        if (Units.Count > 0)
        {
            unit.DecodeTime.ShouldBeGreaterThan(Units[^1].DecodeTime);
        }

        Units.Add(new Unit(unit.DecodeTime, unit.PresentationTime, unit.Flags, Formats.Count - 1, unit.Data.Span.ToArray()));
    }

    public sealed record Unit(long DecodeTime, long PresentationTime, AccessUnitFlags Flags, int FormatIndex, byte[] Data)
    {
        public bool IsRandomAccess => (Flags & AccessUnitFlags.RandomAccess) != 0;

        public bool HasLossBefore => (Flags & AccessUnitFlags.LossBefore) != 0;
    }
}

/// <summary>A packet as bytes, to be made, spoiled and pushed.</summary>
internal static class Packets
{
    public static byte[] Make(ReadOnlySpan<byte> payload, uint timestamp, bool marker, ushort sequence = 0, byte type = 96)
    {
        byte[] packet = new byte[RtpPacket.HeaderBytes + payload.Length];
        RtpPacket.WriteHeader(packet, type, marker, sequence, timestamp, 0x11223344);
        payload.CopyTo(packet.AsSpan(RtpPacket.HeaderBytes));
        return packet;
    }

    public static void Push(this Depacketizer depacketizer, byte[] packet, bool lossBefore = false)
    {
        RtpPacket.TryParse(packet, out RtpPacket parsed, out RtpError error).ShouldBeTrue(error.ToString());
        depacketizer.Push(in parsed, lossBefore);
    }

    public static void Push(this Depacketizer depacketizer, ReadOnlySpan<byte> payload, uint timestamp, bool marker, bool lossBefore = false) =>
        depacketizer.Push(Make(payload, timestamp, marker), lossBefore);
}
