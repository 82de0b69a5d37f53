// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Buffers.Binary;
using Rookery.Farm.Clips;
using Rookery.Farm.Packing;
using Rookery.Foundation;
using Rookery.Media;
using Rookery.Media.Rtp;
using Rookery.Rtsp;

namespace Rookery.Farm.Tests.Packing;

public sealed class ClipPackerTests
{
    /// <summary>Goal: every coding the farm packs is read by the product's depacketizers, which were written apart. Method: a file's units, packed, described, unpacked.</summary>
    [Theory]
    [InlineData("mp4/h264-aac.mp4", null)]
    [InlineData("mp4/h264-aac.mp4", FarmAudio.Pcmu)]
    [InlineData("mp4/h265.mp4", FarmAudio.None)]
    public void What_is_packed_comes_out_again_byte_for_byte(string file, FarmAudio? audio)
    {
        Clip clip = ClipLoader.Load(TestData.Path(file), audio);
        SdpParser.TryParse(ClipDescription.Write(clip), out SessionDescription sdp).ShouldBeTrue();
        sdp.Media.Count.ShouldBe(clip.Tracks.Count);
        for (int i = 0; i < clip.Tracks.Count; i++)
        {
            ClipTrack track = clip.Tracks[i];
            List<ulong> wanted = [.. track.Units.ToArray().Select(unit => unit.Hash)];
            Unpack(SdpPayloads.Of(sdp.Media[i])[0], track).ShouldBe(wanted);
        }
    }

    [Fact]
    public void No_packet_is_larger_than_the_network_takes_and_the_last_of_each_picture_says_so()
    {
        ClipTrack track = SyntheticClip.Make(seed: 2, pictureBytes: 20_000).Tracks[0];
        for (int unit = 0; unit < track.Units.Length; unit++)
        {
            List<(int Bytes, bool Marker)> packets = [];
            ReadOnlySpan<byte> wire = track.WireOf(unit);
            while (!wire.IsEmpty)
            {
                int bytes = BinaryPrimitives.ReadUInt16BigEndian(wire[2..]);
                packets.Add((bytes, (wire[5] & 0x80) != 0));
                wire = wire[(4 + bytes)..];
            }

            packets.Count.ShouldBe(track.PacketCount(unit));
            packets.ShouldAllBe(packet => packet.Bytes <= 1412);
            packets.Select(packet => packet.Marker).ShouldBe([.. Enumerable.Repeat(false, packets.Count - 1), true]);
        }
    }

    [Fact]
    public void A_picture_is_never_shown_before_it_was_sent_though_pictures_are_reordered()
    {
        Clip clip = ClipLoader.Load(TestData.Path("mp4/h265.mp4"), FarmAudio.None);
        clip.Tracks[0].Units.ToArray().ShouldAllBe(unit => unit.PresentationTicks <= unit.DecodeTicks);
    }

    [Fact]
    public void Sound_that_would_reach_into_the_next_round_is_left_out()
    {
        Clip clip = SyntheticClip.Make(seed: 1, frames: 50);
        ClipUnit last = clip.Tracks[1].Units[^1];
        (last.DecodeTicks + 1024).ShouldBeLessThanOrEqualTo(clip.LoopTicks * 48000 / 90000);
    }

    [Theory]
    [InlineData(0, 0xFF)]
    [InlineData(32767, 0x80)]
    [InlineData(-32768, 0x00)]
    [InlineData(8, 0xFE)]
    public void Mu_law_is_that_of_the_standard(int sample, byte code) => Tone.Encode(sample).ShouldBe(code);

    [Fact]
    public void A_file_that_is_no_clip_is_refused_in_words()
    {
        string path = TestData.Path("mp4/README.md");
        Should.Throw<FarmException>(() => ClipLoader.Load(path)).Message.ShouldContain("README.md");
        Should.Throw<FarmException>(() => ClipLoader.Load(path + ".missing"));
        Should.Throw<FarmException>(() => ClipLoader.Load(TestData.Path("mp4/h265.mp4"), FarmAudio.Aac)).Message.ShouldContain("no AAC");
    }

    private static IEnumerable<ulong> Unpack(RtpPayloadFormat payload, ClipTrack track)
    {
        Hashes hashes = new();
        Depacketizer.TryCreate(payload, new BlockPool(64 << 20), hashes, out Depacketizer? depacketizer, out string? problem).ShouldBeTrue(problem);
        using (depacketizer)
        {
            uint timestamp = 1;
            for (int unit = 0; unit < track.Units.Length; unit++)
            {
                timestamp += 1000;
                ReadOnlySpan<byte> wire = track.WireOf(unit);
                while (!wire.IsEmpty)
                {
                    int bytes = BinaryPrimitives.ReadUInt16BigEndian(wire[2..]);
                    byte[] data = wire.Slice(4, bytes).ToArray();
                    BinaryPrimitives.WriteUInt32BigEndian(data.AsSpan(4), timestamp);
                    RtpPacket.TryParse(data, out RtpPacket packet, out _).ShouldBeTrue();
                    depacketizer!.Push(packet, lossBefore: false);
                    wire = wire[(4 + bytes)..];
                }
            }

            depacketizer!.Flush();
        }

        return hashes.All;
    }

    private sealed class Hashes : IAccessUnitSink
    {
        public List<ulong> All { get; } = [];

        public void OnFormat(TrackFormat format)
        {
        }

        public void OnAccessUnit(in AccessUnit unit) => All.Add(ClipUnit.HashOf(unit.Data.Span));
    }
}
