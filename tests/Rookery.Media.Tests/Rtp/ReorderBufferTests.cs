// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;
using Rookery.Media.Rtp;

namespace Rookery.Media.Tests.Rtp;

public sealed class ReorderBufferTests : IDisposable, IRtpPacketSink
{
    private static readonly MonotonicTime Start = new(1_000_000_000);

    private readonly BlockPool _pool = new(1 << 20);
    private readonly List<(ushort Sequence, bool LossBefore, byte First)> _got = [];
    private readonly ReorderBuffer _buffer;

    public ReorderBufferTests() => _buffer = new ReorderBuffer(_pool, this);

    public void Dispose()
    {
        _buffer.Dispose();
        _pool.RentedBytes.ShouldBe(0);
    }

    void IRtpPacketSink.OnPacket(in RtpPacket packet, bool lossBefore) =>
        _got.Add((packet.SequenceNumber, lossBefore, packet.Payload.IsEmpty ? (byte)0 : packet.Payload[0]));

    [Fact]
    public void Packets_that_overtook_each_other_are_put_in_order()
    {
        Push(65534, 0, 65535, 2, 1, 3);

        _got.ShouldBe([(65534, false, 254), (65535, false, 255), (0, false, 0), (1, false, 1), (2, false, 2), (3, false, 3)]);
        _buffer.IsWaiting.ShouldBeFalse();
        _pool.RentedBytes.ShouldBe(0, "memory is held only while something waits");
    }

    [Fact]
    public void A_packet_that_does_not_come_is_given_up_after_the_delay_and_the_next_says_so()
    {
        Push(1, 3, 4);
        _buffer.Tick(Start + TimeSpan.FromMilliseconds(99));
        _got.Count.ShouldBe(1);
        _buffer.Tick(Start + TimeSpan.FromMilliseconds(100));

        _got.ShouldBe([(1, false, 1), (3, true, 3), (4, false, 4)]);
        _buffer.Counters.Lost.ShouldBe(1);
        Push(2);
        _buffer.Counters.LateOrDuplicate.ShouldBe(1);
    }

    [Fact]
    public void What_lay_unread_for_long_is_not_taken_for_lost()
    {
        Push(1, 3);
        MonotonicTime late = Start + TimeSpan.FromSeconds(2);
        foreach (int sequence in (int[])[4, 2, 5])
        {
            _buffer.Push(Packets.Make([(byte)sequence], 0, marker: false, (ushort)sequence), late);
        }

        _buffer.Tick(late);
        _got.ShouldBe([(1, false, 1), (2, false, 2), (3, false, 3), (4, false, 4), (5, false, 5)]);
    }

    [Fact]
    public void A_full_window_gives_up_what_it_waited_for()
    {
        Push(0);
        Push([.. Enumerable.Range(2, ReorderBuffer.Window)]);

        _got.Select(packet => (int)packet.Sequence).ShouldBe([0, .. Enumerable.Range(2, ReorderBuffer.Window)]);
        _got[1].LossBefore.ShouldBeTrue();
        _got.Count(packet => packet.LossBefore).ShouldBe(1);
    }

    [Fact]
    public void A_sender_that_begins_anew_is_followed_from_its_second_packet_on()
    {
        Push(10, 11, 40_000, 12, 50_000, 50_001, 50_002);

        _got.Select(packet => (int)packet.Sequence).ShouldBe([10, 11, 12, 50_001, 50_002]);
        _got[3].LossBefore.ShouldBeTrue();
    }

    [Fact]
    public void A_datagram_too_large_to_wait_is_handed_on_and_what_was_missing_is_lost()
    {
        Push(0, 2);
        _buffer.Push(Packets.Make(new byte[ReorderBuffer.SlotBytes], 0, marker: false, sequence: 4), Start);
        Push(5);

        _got.Select(packet => ((int)packet.Sequence, packet.LossBefore)).ShouldBe([(0, false), (2, true), (4, true), (5, false)]);
    }

    [Fact]
    public void Whatever_the_network_does_packets_come_out_once_in_order_and_gaps_are_told()
    {
        Property.Holds((random, size) =>
        {
            _got.Clear();
            using ReorderBuffer buffer = new(_pool, this);
            ushort first = (ushort)random.Next();
            List<(double Key, int Index)> sent = [];
            for (int i = 0; i < 20 + (size * 5); i++)
            {
                for (int copies = random.Next(10) switch { 0 => 0, 1 => 2, _ => 1 }; copies > 0; copies--)
                {
                    sent.Add((i + (random.Next(4) == 0 ? random.NextDouble() * size * 0.7 : 0), i));
                }
            }

            MonotonicTime now = Start;
            foreach ((double _, int index) in sent.OrderBy(one => one.Key))
            {
                now += TimeSpan.FromMilliseconds(random.Next(10));
                buffer.Push(Packets.Make([(byte)index], 0, marker: false, (ushort)(first + index)), now);
            }

            buffer.Flush();
            int expected = -1;
            foreach ((ushort sequence, bool lossBefore, byte content) in _got)
            {
                int index = (ushort)(sequence - _got[0].Sequence);
                index.ShouldBeGreaterThan(expected);
                lossBefore.ShouldBe(index != expected + 1, "a gap is told, and nothing else");
                ((byte)(sequence - first)).ShouldBe(content);
                expected = index;
            }
        });
    }

    private void Push(params int[] sequences)
    {
        foreach (int sequence in sequences)
        {
            _buffer.Push(Packets.Make([(byte)sequence], 0, marker: false, (ushort)sequence), Start);
        }
    }
}
