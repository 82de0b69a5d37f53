// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Farm.Clips;
using Rookery.Foundation;
using Rookery.Media;
using Rookery.Media.Rtp;
using Rookery.Rtsp;

namespace Rookery.Farm.Tests;

/// <summary>Makes access units of what a client receives, with the depacketizers of the product.</summary>
internal sealed class ReceivedUnits : IDisposable
{
    private readonly BlockPool _pool = new(64 << 20);
    private readonly List<Track> _tracks = [];

    public ReceivedUnits(SessionDescription sdp)
    {
        foreach (MediaDescription media in sdp.Media)
        {
            Track track = new((byte)_tracks.Count, Units);
            Depacketizer.TryCreate(SdpPayloads.Of(media)[0], _pool, track, out Depacketizer? depacketizer, out string? problem).ShouldBeTrue(problem);
            track.Depacketizer = depacketizer!;
            _tracks.Add(track);
        }
    }

    /// <summary>In the order in which they were whole.</summary>
    public List<(byte Track, uint RtpTimestamp, int SizeBytes, ulong Hash)> Units { get; } = [];

    /// <summary>Formats announced, first and later ones.</summary>
    public IEnumerable<TrackFormat> Formats(int track) => _tracks[track].Formats;

    public int SenderReports { get; private set; }

    public void Take(byte channel, byte[] data)
    {
        if (channel % 2 == 1)
        {
            SenderReports++;
            return;
        }

        RtpPacket.TryParse(data, out RtpPacket packet, out RtpError error).ShouldBeTrue(error.ToString());
        Track track = _tracks[channel / 2];
        (packet.SequenceNumber == (ushort)(track.Sequence + 1) || track.Sequence < 0).ShouldBeTrue("a packet is missing");
        track.Sequence = packet.SequenceNumber;
        track.Timestamp = packet.Timestamp;
        track.Depacketizer.Push(packet, lossBefore: false);
    }

    public void Dispose() => _tracks.ForEach(track => track.Depacketizer.Dispose());

    private sealed class Track(byte index, List<(byte, uint, int, ulong)> units) : IAccessUnitSink
    {
        public Depacketizer Depacketizer { get; set; } = null!;

        public List<TrackFormat> Formats { get; } = [];

        public int Sequence { get; set; } = -1;

        public uint Timestamp { get; set; }

        public void OnFormat(TrackFormat format) => Formats.Add(format);

        // Every unit of the farm ends with a marker: it is whole with the packet that was pushed last.
        public void OnAccessUnit(in AccessUnit unit) => units.Add((index, Timestamp, unit.Data.Length, ClipUnit.HashOf(unit.Data.Span)));
    }
}
