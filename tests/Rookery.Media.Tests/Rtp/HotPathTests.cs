// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Buffers.Binary;
using Rookery.Foundation;
using Rookery.Media.Rtp;

namespace Rookery.Media.Tests.Rtp;

public sealed class HotPathTests : IAccessUnitSink, IRtpOutput
{
    private long _bytes;
    private Block? _kept;

    void IAccessUnitSink.OnFormat(TrackFormat format)
    {
    }

    void IAccessUnitSink.OnAccessUnit(in AccessUnit unit)
    {
        // As the recorder does: hold the block of the unit until the next commit.
        unit.Data.Block.AddReference();
        _kept?.Release();
        _kept = unit.Data.Block;
        _bytes += unit.Data.Length;
    }

    void IRtpOutput.OnPacket(ReadOnlySpan<byte> packet) => _bytes += packet.Length;

    /// <summary>Goal: the collector has nothing to do while cameras record. Method: a warm round, then ten rounds that must not allocate.</summary>
    [Theory]
    [InlineData("h264-baseline-slices-aud.h264")]
    [InlineData("h265-main-bframes.h265")]
    public void Packets_cost_no_allocation(string file)
    {
        Clip clip = NalRoundTripTests.Load(file);
        PacketList packets = PacketList.Of(clip.Format, clip.Units, new PacketizerOptions());
        BlockPool pool = new(8 << 20);
        Depacketizer.TryCreate(RtpPayloadFormat.Of(clip.Format, 96), pool, this, out Depacketizer? depacketizer, out _).ShouldBeTrue();
        Packetizer.TryCreate(clip.Format, new PacketizerOptions(), out Packetizer? packetizer, out _).ShouldBeTrue();
        using Depacketizer receiver = depacketizer!;
        uint shift = 0;
        void Round()
        {
            foreach (byte[] bytes in packets)
            {
                BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4), BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(4)) + shift);
                if (RtpPacket.TryParse(bytes, out RtpPacket packet, out _))
                {
                    receiver.Push(in packet, lossBefore: false);
                }
            }

            shift = (uint)clip.Units.Count * 3000;
            for (int i = 0; i < clip.Units.Count; i++)
            {
                packetizer!.Packetize(clip.Units[i].Data, clip.Units[i].IsRandomAccess, 0, this);
            }
        }

        // The first rounds fill the pool of blocks.
        for (int i = 0; i < 5; i++)
        {
            Round();
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 10; i++)
        {
            Round();
        }

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        _kept!.Release();
        allocated.ShouldBe(0, $"{_bytes} bytes were carried in {packets.Count * 10} packets");
    }
}
