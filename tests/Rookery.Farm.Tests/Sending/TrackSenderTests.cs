// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Buffers.Binary;
using Rookery.Farm.Clips;
using Rookery.Farm.Sending;
using Rookery.Foundation;
using Rookery.Media.Rtp;
using Rookery.Rtsp;

namespace Rookery.Farm.Tests.Sending;

public sealed class TrackSenderTests
{
    private const long Second = 1_000_000_000;

    private static readonly Clip Clip = SyntheticClip.Make(seed: 4, pictureBytes: 8000);
    private readonly byte[] _buffer = new byte[1 << 20];

    [Fact]
    public void Every_packet_carries_the_clients_own_channel_source_sequence_and_timestamp()
    {
        TrackSender sender = Sender(seed: 1);
        ushort sequence = sender.NextSequence;
        uint? ssrc = null;
        for (int unit = 0; unit < 60; unit++)
        {
            uint expected = sender.NextTimestamp;
            int bytes = sender.TakeNext(_buffer, out ClipUnit taken, out uint timestamp);
            timestamp.ShouldBe(expected);
            taken.Hash.ShouldBe(Clip.Tracks[0].Units[unit % 50].Hash);
            RtspReader reader = new(_buffer.AsSpan(0, bytes), RtspLimits.Default);
            while (reader.Read() == RtspElement.Interleaved)
            {
                reader.Channel.ShouldBe((byte)6);
                RtpPacket.TryParse(reader.Data, out RtpPacket packet, out _).ShouldBeTrue();
                (packet.SequenceNumber, packet.Timestamp, packet.Ssrc).ShouldBe((sequence, timestamp, ssrc ?? packet.Ssrc));
                ssrc = packet.Ssrc;
                sequence++;
            }

            reader.ConsumedBytes.ShouldBe(bytes);
        }
    }

    [Fact]
    public void What_is_passed_over_for_a_slow_client_uses_up_its_sequence_numbers_and_ends_at_a_random_access_point()
    {
        TrackSender sender = Sender(seed: 2);
        TrackSender quick = Sender(seed: 2);
        int skipped = sender.SkipTo(3 * Second / 2, TimeSpan.FromSeconds(2));
        skipped.ShouldBe(50);
        for (int i = 0; i < skipped; i++)
        {
            quick.TakeNext(_buffer, out _, out _);
        }

        (sender.NextSequence, sender.NextTimestamp, sender.DueNanoseconds).ShouldBe((quick.NextSequence, quick.NextTimestamp, quick.DueNanoseconds));
        sender.TakeNext(_buffer, out ClipUnit next, out _);
        next.IsRandomAccess.ShouldBeTrue();
    }

    [Fact]
    public void A_sender_report_ties_the_cameras_wall_clock_to_its_timestamps_and_counts_what_was_sent()
    {
        TrackSender sender = Sender(seed: 3);
        uint start = sender.NextTimestamp;
        long payload = 0;
        int packets = 0;
        for (int i = 0; i < 25; i++)
        {
            int bytes = sender.TakeNext(_buffer, out _, out _);
            int count = Clip.Tracks[0].PacketCount(i);
            packets += count;
            payload += bytes - (count * (4 + 12));
        }

        WallTime wall = new(1_800_000_000_250_000);
        int length = sender.SenderReport(_buffer, wall, mediaNanoseconds: Second);
        _buffer[1].ShouldBe((byte)7);
        BinaryPrimitives.ReadUInt16BigEndian(_buffer.AsSpan(2)).ShouldBe((ushort)(length - 4));
        SenderInfo info = SenderInfo.Parse(_buffer.AsSpan(4 + 8));
        info.Wall.ShouldBe(wall);
        info.RtpTimestamp.ShouldBe(start + 90_000);
        (info.PacketCount, info.OctetCount).ShouldBe(((uint)packets, (uint)payload));
    }

    private static TrackSender Sender(int seed) => new(Clip, track: 0, clipStartNanoseconds: 0, new Random(seed)) { RtpChannel = 6, RtcpChannel = 7 };
}
