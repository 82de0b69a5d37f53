// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;
using Rookery.Media.Rtp;

namespace Rookery.Media.Tests;

/// <summary>Packets as bytes, in order, to be spoiled before they are pushed.</summary>
internal sealed class PacketList : List<byte[]>, IRtpOutput
{
    public void OnPacket(ReadOnlySpan<byte> packet) => Add(packet.ToArray());

    /// <summary>Packetizes units, each at its index times <paramref name="step"/> after <paramref name="start"/>.</summary>
    public static PacketList Of(TrackFormat format, IEnumerable<Clip.Unit> units, PacketizerOptions options, uint start = 0, uint step = 3000)
    {
        Packetizer.TryCreate(format, options, out Packetizer? packetizer, out string? problem).ShouldBeTrue(problem);
        PacketList packets = [];
        uint time = start;
        foreach (Clip.Unit unit in units)
        {
            packetizer!.Packetize(unit.Data, unit.IsRandomAccess, time, packets);
            time += step;
        }

        return packets;
    }

    /// <summary>Pushes all packets to a new depacketizer as a session over TCP would, and flushes.</summary>
    public CollectingSink Depacketize(TrackFormat format, bool outOfBand = true)
    {
        RtpPayloadFormat payload = RtpPayloadFormat.Of(format, 96);
        payload = outOfBand ? payload : payload with { Parameters = new Dictionary<string, string>() };
        BlockPool pool = new(64 << 20);
        CollectingSink sink = new();
        Depacketizer.TryCreate(payload, pool, sink, out Depacketizer? depacketizer, out string? problem).ShouldBeTrue(problem);
        SequenceTracker sequence = default;
        using (depacketizer)
        {
            foreach (byte[] packet in this)
            {
                if (!RtpPacket.TryParse(packet, out RtpPacket parsed, out _))
                {
                    continue;
                }

                SequenceOrder order = sequence.Track(parsed.SequenceNumber);
                if (order != SequenceOrder.Behind)
                {
                    depacketizer!.Push(in parsed, order != SequenceOrder.Next);
                }
            }

            depacketizer!.Flush();
        }

        pool.RentedBytes.ShouldBe(0, "every block was given back");
        return sink;
    }
}
