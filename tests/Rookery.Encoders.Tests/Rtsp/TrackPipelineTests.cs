// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;
using Rookery.Media;
using Rookery.Media.Rtp;
using Rookery.Recording;

namespace Rookery.Encoders.Tests.Rtsp;

public sealed class TrackPipelineTests : IRtpOutput, ISessionSink
{
    /// <summary>Parameter sets of a 1920 × 1080 stream, as x264 makes them.</summary>
    private static readonly TrackFormat Format = TrackFormat.FromH264(Convert.FromBase64String("Z0LAKNoB4AiflwEQAAADABAAAAMDIPGDKg=="), Convert.FromBase64String("aM4PyA=="))!;

    private readonly List<(long PresentationTime, int Offset, WallTime Wall)> _units = [];
    private TrackPipeline? _pipeline;

    /// <summary>
    /// Goal: playback places sound by the wall time of the pictures beside it. Were that of a picture its decoding time, each record would lie some pictures off, and sound would be cut to fit.
    /// </summary>
    [Fact]
    public void The_wall_time_of_reordered_pictures_is_that_of_their_presentation()
    {
        using TrackPipeline pipeline = _pipeline = new(
            0, RtpPayloadFormat.Of(Format, payloadType: 96), new BlockPool(1 << 20), this, new StoppedClock(), trustLimit: TimeSpan.FromSeconds(2), onClockSetBack: () => { });
        Packetizer.TryCreate(Format, new PacketizerOptions(), out Packetizer? packetizer, out _).ShouldBeTrue();

        // I P B b b, four times. How deep it reorders is known from the second group on.
        uint[] order = [0, 4, 2, 1, 3];
        for (uint group = 0; group < 4; group++)
        {
            foreach (uint picture in order)
            {
                bool isIntra = picture == 0;
                packetizer!.Packetize([0, 0, 0, 3, isIntra ? (byte)0x65 : (byte)0x41, 0x9A, 0x01], isIntra, (group * 15_000) + (picture * 3000), this);
            }
        }

        _units.Count.ShouldBeGreaterThan(15);
        _units.Skip(5).Select(unit => unit.Offset).Distinct().Count().ShouldBeGreaterThan(1, "pictures are reordered");
        long[] offsets = [.. _units.Skip(5).Select(unit => unit.Wall.Microseconds - (unit.PresentationTime * 100 / 9))];
        (offsets.Max() - offsets.Min()).ShouldBeLessThan(1000, "microseconds");
    }

    void IRtpOutput.OnPacket(ReadOnlySpan<byte> packet)
    {
        RtpPacket.TryParse(packet, out RtpPacket parsed, out _).ShouldBeTrue();
        _pipeline!.Push(parsed, lossBefore: false);
    }

    void ISessionSink.OnTracks(IReadOnlyList<SourceTrack> tracks)
    {
    }

    void ISessionSink.OnFormat(int track, TrackFormat format)
    {
    }

    void ISessionSink.OnAccessUnit(int track, in AccessUnit unit, WallTime wall) => _units.Add((unit.PresentationTime, unit.CompositionOffset, wall));

    void ISessionSink.OnDrift(double partsPerMillion)
    {
    }

    void ISessionSink.OnEnded(SessionEnd end)
    {
    }

    /// <summary>All packets arrive at one instant: what differs between two pictures is not their arrival.</summary>
    private sealed class StoppedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    }
}
