// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Buffers.Binary;
using Rookery.Foundation;
using Rookery.Media;
using Rookery.Media.Bitstream;
using Rookery.Media.Rtp;

namespace Rookery.Fuzz;

/// <summary>A session of RTP packets of one codec through its depacketizer. Changes packets, their order, and whether they come.</summary>
public sealed class RtpPayloadTarget : FuzzTarget
{
    private readonly RtpPayloadFormat _payload;

    private RtpPayloadTarget(string name, RtpPayloadFormat payload, params byte[][] seeds)
    {
        Name = name;
        _payload = payload with { PayloadType = -1 };
        Seeds = seeds;
    }

    public static IEnumerable<FuzzTarget> All => [H264(), H265(), Aac(), Latm(), Jpeg(), Metadata(), Opus()];

    public override string Name { get; }

    public override IReadOnlyList<byte[]> Seeds { get; }

    public override void Run(byte[] input)
    {
        BlockPool pool = new(1 << 20);
        LawfulSink sink = new(_payload.Codec!.Value);
        Require(Depacketizer.TryCreate(_payload, pool, sink, out Depacketizer? depacketizer, out _), "the seed's description can be read");
        SequenceTracker sequence = default;
        foreach (byte[] bytes in PacketFile.Read(input))
        {
            if (RtpPacket.TryParse(bytes, out RtpPacket packet, out _))
            {
                SequenceOrder order = sequence.Track(packet.SequenceNumber);
                depacketizer!.Push(in packet, order is SequenceOrder.AfterLoss or SequenceOrder.Restart);
            }
        }

        depacketizer!.Flush();
        depacketizer.Dispose();
        Require(pool.RentedBytes == 0, "every block is given back");
    }

    public override byte[] Mutate(Random random, byte[] input)
    {
        List<byte[]> packets = [.. PacketFile.Read(input)];
        for (int changes = random.Next(1, 4); changes > 0 && packets.Count > 0; changes--)
        {
            int at = random.Next(packets.Count);
            switch (random.Next(6))
            {
                case 0:
                    packets.RemoveAt(at);
                    break;
                case 1:
                    packets.Insert(random.Next(packets.Count + 1), packets[at]);
                    break;
                case 2:
                    (packets[at], packets[^1]) = (packets[^1], packets[at]);
                    break;
                default:
                    // Past the fixed header mostly, which says little about payloads.
                    byte[] packet = packets[at];
                    int keep = random.Next(8) == 0 ? 0 : Math.Min(packet.Length, RtpPacket.HeaderBytes);
                    packets[at] = [.. packet[..keep], .. Mutator.Bytes(random, packet[keep..]).Take(60_000)];
                    break;
            }
        }

        return PacketFile.Write(packets);
    }

    private static RtpPayloadTarget H264()
    {
        List<ReadOnlyMemory<byte>> nals = [.. AnnexB.Split(Media("h264-baseline-slices-aud.h264"))];
        TrackFormat format = TrackFormat.FromH264(nals.First(nal => (nal.Span[0] & 0x1F) == 7).Span, nals.First(nal => (nal.Span[0] & 0x1F) == 8).Span)!;
        return new RtpPayloadTarget("rtp-h264", RtpPayloadFormat.Of(format, 96), OfNals(format, nals, 1400), OfNals(format, nals, 100));
    }

    private static RtpPayloadTarget H265()
    {
        List<ReadOnlyMemory<byte>> nals = [.. AnnexB.Split(Media("h265-main-bframes.h265"))];
        TrackFormat format = TrackFormat.FromH265(nals[0].Span, nals[1].Span, nals[2].Span)!;
        return new RtpPayloadTarget("rtp-h265", RtpPayloadFormat.Of(format, 96), OfNals(format, nals, 1400), OfNals(format, nals, 100));
    }

    private static RtpPayloadTarget Aac()
    {
        TrackFormat format = TrackFormat.FromAac([0x11, 0x90])!;
        return new RtpPayloadTarget("rtp-aac", RtpPayloadFormat.Of(format, 96), Packetize(format, 1400, Noise(300, 8)), Packetize(format, 100, Noise(300, 8)));
    }

    private static RtpPayloadTarget Latm()
    {
        RtpPayloadFormat payload = new()
        {
            EncodingName = "MP4A-LATM",
            ClockRate = 48000,
            Parameters = new Dictionary<string, string> { ["cpresent"] = "0", ["config"] = "400023203FC0" },
        };
        // Any payload may carry the elements: length, then frame.
        return new RtpPayloadTarget("rtp-latm", payload, Packetize(TrackFormat.FromOpus(1), 1400, [[3, 1, 2, 3], [255, 10, .. new byte[265]]]));
    }

    private static RtpPayloadTarget Jpeg()
    {
        byte[] picture = Media("jpeg-420.mjpeg");
        TrackFormat format = TrackFormat.FromJpeg(160, 120);
        return new RtpPayloadTarget("rtp-jpeg", RtpPayloadFormat.Of(format, 26), Packetize(format, 1000, [picture, picture]));
    }

    private static RtpPayloadTarget Metadata()
    {
        TrackFormat format = TrackFormat.FromOnvifMetadata();
        return new RtpPayloadTarget(
            "rtp-metadata", RtpPayloadFormat.Of(format, 107), Packetize(format, 100, [.. Noise(500, 4).Select(noise => (byte[])[.. "<?xml ?>"u8, .. noise])]));
    }

    private static RtpPayloadTarget Opus()
    {
        TrackFormat format = TrackFormat.FromOpus(2);
        return new RtpPayloadTarget("rtp-opus", RtpPayloadFormat.Of(format, 96), Packetize(format, 1400, Noise(80, 10)));
    }

    private static byte[] Media(string name) => File.ReadAllBytes(Path.Combine(Fuzzer.TestData, "media", name));

    private static byte[][] Noise(int bytes, int count)
    {
        Random random = new(bytes);
        byte[][] units = new byte[count][];
        for (int i = 0; i < count; i++)
        {
            random.NextBytes(units[i] = new byte[1 + random.Next(bytes)]);
        }

        return units;
    }

    /// <summary>Every slice a unit of its own: near enough to a stream for its packets.</summary>
    private static byte[] OfNals(TrackFormat format, List<ReadOnlyMemory<byte>> nals, int payloadBytes) => Packetize(format, payloadBytes, [.. nals.Take(14).Select(nal =>
    {
        List<byte> unit = [];
        AnnexB.AppendWithLength(unit, nal.Span);
        return unit.ToArray();
    })]);

    private static byte[] Packetize(TrackFormat format, int payloadBytes, byte[][] units)
    {
        Require(Packetizer.TryCreate(format, new PacketizerOptions { MaximumPayloadBytes = payloadBytes }, out Packetizer? packetizer, out _), "it can be sent");
        PacketFile packets = new();
        for (int i = 0; i < units.Length; i++)
        {
            packetizer!.Packetize(units[i], i == 0, (uint)(i * 3000), packets);
        }

        return packets.ToArray();
    }

    /// <summary>Checks what holds for every unit, whatever came in.</summary>
    private sealed class LawfulSink(Codec codec) : IAccessUnitSink
    {
        private long _last = long.MinValue;
        private bool _hasFormat;

        public void OnFormat(TrackFormat format)
        {
            _hasFormat = true;
            Require(format.Codec == codec, "the codec stays");
            Require(TrackFormat.TryParse(format.ToBytes(), out TrackFormat? stored) && stored.Equals(format), "the format can be stored");
            Require(format.CodecString.Length > 0, "the format has a name");
        }

        public void OnAccessUnit(in AccessUnit unit)
        {
            Require(_hasFormat, "a format comes first");
            Require(unit.Data.Length > 0, "a unit is not empty");
            Require(unit.DecodeTime > _last, "decode times grow strictly");
            Require(unit.CompositionOffset >= 0, "presentation is not before decoding");
            _last = unit.DecodeTime;
            if (codec is not (Codec.H264 or Codec.H265))
            {
                return;
            }

            int covered = 0;
            foreach (ReadOnlySpan<byte> nal in new NalUnits(unit.Data.Span))
            {
                covered += 4 + nal.Length;
            }

            Require(covered == unit.Data.Length, "lengths cover the unit");
        }
    }

    /// <summary>Packets behind 16-bit lengths.</summary>
    private sealed class PacketFile : IRtpOutput
    {
        private readonly List<byte[]> _packets = [];

        public void OnPacket(ReadOnlySpan<byte> packet) => _packets.Add(packet.ToArray());

        public byte[] ToArray() => Write(_packets);

        public static byte[] Write(IEnumerable<byte[]> packets)
        {
            List<byte> file = [];
            foreach (byte[] packet in packets)
            {
                file.Add((byte)(packet.Length >> 8));
                file.Add((byte)packet.Length);
                file.AddRange(packet);
            }

            return [.. file];
        }

        public static IEnumerable<byte[]> Read(byte[] file)
        {
            for (int at = 0; at + 2 <= file.Length;)
            {
                int length = Math.Min(BinaryPrimitives.ReadUInt16BigEndian(file.AsSpan(at)), file.Length - at - 2);
                yield return file.AsSpan(at + 2, length).ToArray();
                at += 2 + length;
            }
        }
    }
}
