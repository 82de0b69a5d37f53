// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;
using Rookery.Media.Rtp;

namespace Rookery.Media.Tests.Rtp;

public sealed class RtpPacketTests
{
    [Fact]
    public void Every_part_of_the_header_is_read()
    {
        // Padding, extension, two contributing sources; marker and type 96.
        byte[] bytes =
        [
            0xB2, 0xE0, 0x12, 0x34, 1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0, 1, 0, 0, 0, 2, 0xAB, 0xAC, 0, 1, 9, 9, 9, 9, 0x41, 0x42, 0, 0, 3,
        ];

        RtpPacket.TryParse(bytes, out RtpPacket packet, out _).ShouldBeTrue();

        (packet.Marker, packet.PayloadType, packet.SequenceNumber, packet.Timestamp, packet.Ssrc).ShouldBe((true, (byte)96, (ushort)0x1234, 0x01020304u, 0x05060708u));
        packet.ExtensionProfile.ShouldBe((ushort)0xABAC);
        packet.Extension.ToArray().ShouldBe([9, 9, 9, 9]);
        packet.Payload.ToArray().ShouldBe([0x41, 0x42]);
    }

    [Theory]
    [InlineData("80600000", RtpError.TooShort)]
    [InlineData("406000000000000000000000", RtpError.WrongVersion)]
    [InlineData("826000000000000000000000", RtpError.TruncatedHeader)]
    [InlineData("906000000000000000000000ABAC0001", RtpError.TruncatedHeader)]
    [InlineData("90600000000000000000000000", RtpError.TruncatedHeader)]
    [InlineData("A060000000000000000000000102", RtpError.None)]
    [InlineData("A060000000000000000000000103", RtpError.WrongPadding)]
    [InlineData("A060000000000000000000000100", RtpError.WrongPadding)]
    [InlineData("A06000000000000000000000", RtpError.WrongPadding)]
    public void What_is_no_packet_is_refused_with_the_reason(string hex, RtpError expected)
    {
        RtpPacket.TryParse(Convert.FromHexString(hex), out _, out RtpError error).ShouldBe(expected == RtpError.None);
        error.ShouldBe(expected);
    }

    [Fact]
    public void Timestamps_unwrap_in_both_directions()
    {
        TimestampUnwrapper unwrapper = default;
        unwrapper.Unwrap(0xFFFF_FF00).ShouldBe(0xFFFF_FF00L);
        unwrapper.Unwrap(0x100).ShouldBe(0x1_0000_0100L);
        unwrapper.Unwrap(0xFFFF_FFFF).ShouldBe(0xFFFF_FFFFL);
        TimestampUnwrapper.Nearest(5, 0xFFFF_FFFF).ShouldBe(-1);
    }

    [Fact]
    public void Sequence_numbers_tell_loss_duplicates_wraps_and_a_new_start()
    {
        SequenceTracker tracker = default;
        ushort[] numbers = [65533, 65534, 1, 1, 65535, 2, 30_000, 3, 40_000, 40_001];
        numbers.Select(number => tracker.Track(number)).ShouldBe(
        [
            SequenceOrder.Next, SequenceOrder.Next, SequenceOrder.AfterLoss, SequenceOrder.Behind, SequenceOrder.Behind, SequenceOrder.Next,
            SequenceOrder.Behind, SequenceOrder.Next, SequenceOrder.Behind, SequenceOrder.Restart,
        ]);
        tracker.MissedBeforeOrder.ShouldBe(2);
    }

    [Fact]
    public void A_receiver_report_counts_as_the_standard_does()
    {
        SequenceTracker tracker = default;
        for (ushort number = 0; number < 100; number++)
        {
            if (number % 4 != 1)
            {
                tracker.Track(number);
            }
        }

        ReportBlock report = tracker.Report(7, 8, 9);
        (report.Ssrc, report.FractionLost, report.CumulativeLost, report.ExtendedHighest, report.LastSenderReport).ShouldBe((7u, (byte)64, 25, 99u, 8u));
        tracker.Track(100);
        tracker.Report(7, 8, 9).FractionLost.ShouldBe((byte)0);
    }

    [Fact]
    public void A_compound_report_comes_back()
    {
        byte[] buffer = new byte[256];
        WallTime wall = new(1_790_000_000_123_456);
        RtcpWriter writer = new(buffer);
        ReportBlock block = new(2, 3, -4, 5, 6, 7, 8);
        writer.SenderReport(1, new SenderInfo(SenderInfo.ToNtp(wall), 90000, 100, 5000), new[] { block });
        writer.SourceDescription(1, "camera@example"u8);
        writer.Bye(1);

        RtcpReader reader = new(buffer.AsSpan(0, writer.Length));
        reader.TryRead().ShouldBeTrue();
        reader.Type.ShouldBe(RtcpPacketType.SenderReport);
        reader.SenderInfo.Wall.ShouldBe(wall);
        (reader.Ssrc, reader.SenderInfo.RtpTimestamp, reader.ReportBlockCount).ShouldBe((1u, 90000u, 1));
        reader.GetReportBlock(0).ShouldBe(block);
        reader.TryRead().ShouldBeTrue();
        reader.CanonicalName().ToArray().ShouldBe("camera@example"u8.ToArray());
        reader.TryRead().ShouldBeTrue();
        (reader.Type, reader.Ssrc).ShouldBe((RtcpPacketType.Bye, 1u));
        reader.TryRead().ShouldBeFalse();
    }

    [Fact]
    public void Ntp_seconds_after_2036_belong_to_the_next_era()
    {
        DateTimeOffset later = new(2040, 1, 1, 0, 0, 0, TimeSpan.Zero);
        new SenderInfo(SenderInfo.ToNtp(WallTime.From(later)), 0, 0, 0).Wall.ToDateTimeOffset().ShouldBe(later);
    }
}
