// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;
using Rookery.Media.Rtp;

namespace Rookery.Fuzz;

/// <summary>The reorder buffer. Four bytes an input step: sequence number, milliseconds passed, size in 16 bytes.</summary>
public sealed class RtpReorderTarget : FuzzTarget, IRtpPacketSink
{
    private bool _hasLast;
    private ushort _last;

    public override string Name => "rtp-reorder";

    public override IReadOnlyList<byte[]> Seeds { get; } =
    [
        [.. Enumerable.Range(0, 200).SelectMany(i => (byte[])[0, (byte)i, 5, 4])],
        [.. Enumerable.Range(0, 200).SelectMany(i => (byte[])[0xFF, (byte)(i ^ 3), 5, 200])],
    ];

    public override void Run(byte[] input)
    {
        BlockPool pool = new(1 << 18);
        _hasLast = false;
        ReorderBuffer buffer = new(pool, this);
        MonotonicTime now = default;
        byte[] datagram = new byte[4096];
        for (int at = 0; at + 4 <= input.Length; at += 4)
        {
            ushort sequence = (ushort)((input[at] << 8) | input[at + 1]);
            now += TimeSpan.FromMilliseconds(input[at + 2]);
            RtpPacket.WriteHeader(datagram, 96, marker: false, sequence, 0, 0);
            buffer.Push(datagram.AsSpan(0, RtpPacket.HeaderBytes + (input[at + 3] * 15)), now);
            if ((input[at + 2] & 1) != 0)
            {
                buffer.Tick(now);
            }

            if (!buffer.IsWaiting)
            {
                Require(pool.RentedBytes == 0, "memory is held only while something waits");
            }
        }

        buffer.Flush();
        buffer.Dispose();
        Require(pool.RentedBytes == 0, "every block is given back");
    }

    public void OnPacket(in RtpPacket packet, bool lossBefore)
    {
        bool follows = packet.SequenceNumber == (ushort)(_last + 1);
        Require(!_hasLast || follows || lossBefore, "a gap is told");
        _hasLast = true;
        _last = packet.SequenceNumber;
    }
}
