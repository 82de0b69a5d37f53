// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;
using Rookery.Media.Rtp;

namespace Rookery.Media.Tests.Rtp;

public sealed class AacDepacketizerTests : IDisposable
{
    private readonly BlockPool _pool = new(1 << 20);
    private readonly CollectingSink _sink = new();
    private readonly Depacketizer _depacketizer;

    public AacDepacketizerTests()
    {
        RtpPayloadFormat payload = new()
        {
            EncodingName = "mpeg4-generic",
            ClockRate = 48000,
            Channels = 2,
            PayloadType = 97,
            Parameters = new Dictionary<string, string>
            {
                ["mode"] = "AAC-hbr", ["sizelength"] = "13", ["indexlength"] = "3", ["indexdeltalength"] = "3", ["config"] = "1190",
            },
        };
        Depacketizer.TryCreate(payload, _pool, _sink, out Depacketizer? depacketizer, out string? problem).ShouldBeTrue(problem);
        _depacketizer = depacketizer!;
    }

    public void Dispose()
    {
        _depacketizer.Dispose();
        _pool.RentedBytes.ShouldBe(0);
    }

    [Fact]
    public void Units_of_one_packet_are_a_frame_apart()
    {
        Push([0, 32, 3 << 3 >> 8, 3 << 3, 0, 2 << 3, 1, 2, 3, 4, 5], 1000, marker: true);

        _sink.Units.Select(unit => unit.DecodeTime).ShouldBe([1000, 2024]);
        _sink.Units[0].Data.ShouldBe([1, 2, 3]);
        _sink.Units[1].Data.ShouldBe([4, 5]);
        _sink.Formats.ShouldHaveSingleItem().CodecString.ShouldBe("mp4a.40.2");
        (_sink.Formats[0].SampleRate, _sink.Formats[0].Channels, _sink.Formats[0].Timescale).ShouldBe((48000, 2, 48000));
    }

    [Fact]
    public void Fragments_of_a_unit_are_joined()
    {
        Push([0, 16, 0, 5 << 3, 1, 2, 3], 0, marker: false);
        Push([0, 16, 0, 5 << 3, 4, 5], 0, marker: true);

        _sink.Units.ShouldHaveSingleItem().Data.ShouldBe([1, 2, 3, 4, 5]);
    }

    [Fact]
    public void A_unit_with_a_lost_fragment_is_dropped()
    {
        Push([0, 16, 0, 5 << 3, 1, 2, 3], 0, marker: false);
        Push([0, 16, 0, 2 << 3, 8, 9], 1024, marker: true, lossBefore: true);

        _sink.Units.ShouldHaveSingleItem().Data.ShouldBe([8, 9]);
        _sink.Units[0].HasLossBefore.ShouldBeTrue();
    }

    [Fact]
    public void Fragments_of_different_times_are_not_joined()
    {
        Push([0, 16, 0, 5 << 3, 1, 2, 3], 0, marker: false);
        Push([0, 16, 0, 5 << 3, 4, 5], 1024, marker: true);
        Push([0, 16, 0, 2 << 3, 8, 9], 2048, marker: true);

        _sink.Units.ShouldHaveSingleItem().Data.ShouldBe([8, 9]);
    }

    [Theory]
    [InlineData(new byte[] { })]
    [InlineData(new byte[] { 0 })]
    [InlineData(new byte[] { 0, 16 })]
    [InlineData(new byte[] { 255, 255, 0, 8, 1 })]
    [InlineData(new byte[] { 0, 16, 0, 0, 1 })]
    [InlineData(new byte[] { 0, 7, 0, 8, 1 })]
    public void What_is_no_payload_is_counted_and_nothing_else(byte[] payload)
    {
        Push(payload, 0, marker: true);
        Push([0, 16, 0, 1 << 3, 9], 1024, marker: true);

        _depacketizer.Counters.CorruptPayloads.ShouldBe(1);
        _sink.Units.ShouldHaveSingleItem().HasLossBefore.ShouldBeTrue();
    }

    private void Push(byte[] payload, uint timestamp, bool marker, bool lossBefore = false) =>
        _depacketizer.Push(Packets.Make(payload, timestamp, marker, type: 97), lossBefore);
}
