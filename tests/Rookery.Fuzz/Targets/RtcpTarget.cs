// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Media.Rtp;

namespace Rookery.Fuzz;

/// <summary>Compound RTCP packets.</summary>
public sealed class RtcpTarget : FuzzTarget
{
    public override string Name => "rtcp";

    public override IReadOnlyList<byte[]> Seeds { get; } = [Compound()];

    public override void Run(byte[] input)
    {
        RtcpReader reader = new(input);
        int packets = 0;
        while (reader.TryRead())
        {
            packets++;
            Require(packets * 4 <= input.Length, "every packet takes at least a word");
            _ = reader.Ssrc;
            _ = reader.CanonicalName();
            if (reader.HasSenderInfo)
            {
                _ = reader.SenderInfo.Wall;
            }

            for (int i = 0; i < reader.ReportBlockCount; i++)
            {
                byte[] again = new byte[ReportBlock.Bytes];
                ReportBlock block = reader.GetReportBlock(i);
                block.Format(again);
                Require(ReportBlock.Parse(again) == block, "a report block comes back");
            }
        }
    }

    private static byte[] Compound()
    {
        byte[] buffer = new byte[256];
        RtcpWriter writer = new(buffer);
        writer.SenderReport(1, new SenderInfo(0xE000000012345678, 90000, 100, 5000), [new ReportBlock(2, 3, -4, 5, 6, 7, 8)]);
        writer.SourceDescription(1, "camera@example"u8);
        writer.Bye(1);
        return buffer[..writer.Length];
    }
}
