// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Buffers.Binary;
using Rookery.Farm.Cameras;
using Rookery.Farm.Clips;
using Rookery.Foundation;
using Rookery.Media;
using Rookery.Media.Rtp;
using Rookery.Rtsp;

namespace Rookery.Farm.Sending;

/// <summary>
/// One track on its way to one client: takes units that are due from the shared clip, and patches into the copy what is this client's own (channel, sequence number,
/// timestamp, SSRC). Knows neither sockets nor clocks; one thread at a time.
/// </summary>
internal sealed class TrackSender
{
    // Offsets in a frame: 4 bytes of interleaved header, then RTP (RFC 3550 §5.1).
    private const int ChannelAt = 1;
    private const int LengthAt = 2;
    private const int SequenceAt = InterleavedFrame.HeaderBytes + 2;
    private const int TimestampAt = InterleavedFrame.HeaderBytes + 4;
    private const int SsrcAt = InterleavedFrame.HeaderBytes + 8;
    private const int RtpHeaderBytes = 12;

    private readonly uint _ssrc;
    private readonly uint _timestampStart;
    private ClipTrack _track;
    private TrackCursor _cursor;
    private ushort _sequence;
    private uint _packets;
    private uint _octets;

    /// <param name="clip">What the camera shows.</param>
    /// <param name="track">Which of its tracks.</param>
    /// <param name="clipStartNanoseconds">Media time of the camera at which the clip's first round began.</param>
    /// <param name="random">Gives SSRC and the starts of sequence number and timestamp, which RFC 3550 wants random.</param>
    public TrackSender(Clip clip, int track, long clipStartNanoseconds, Random random)
    {
        Index = track;
        _track = clip.Tracks[track];
        _cursor = new TrackCursor(clip, track, clipStartNanoseconds);
        _ssrc = (uint)random.NextInt64(1, uint.MaxValue);
        _timestampStart = (uint)random.NextInt64(uint.MaxValue);
        _sequence = (ushort)random.Next(ushort.MaxValue);
    }

    /// <summary>Its place in the session description.</summary>
    public int Index { get; }

    public TrackKind Kind => _track.Format.Kind;

    /// <summary>Interleaved channel of RTP; RTCP goes on the next one. Written into every frame, though UDP leaves the frame header out.</summary>
    public byte RtpChannel { get; init; }

    public byte RtcpChannel { get; init; }

    public ushort NextSequence => _sequence;

    public uint NextTimestamp => _timestampStart + (uint)_cursor.PresentationTicks;

    public long DueNanoseconds => _cursor.DueNanoseconds;

    /// <summary>Bytes that <see cref="TakeNext"/> will write.</summary>
    public int NextBytes => _track.WireOf(_cursor.Unit).Length;

    /// <summary>
    /// Moves on to what the camera shows at <paramref name="mediaNanoseconds"/>: for video the next random access point, if it comes within <paramref name="patience"/>, so that a
    /// client sees whole pictures from the start; clips with very long groups of pictures begin in the middle, as cameras do.
    /// </summary>
    public void Seek(long mediaNanoseconds, TimeSpan patience)
    {
        _cursor.Seek(mediaNanoseconds);
        _cursor.TrySeekRandomAccess(mediaNanoseconds + (patience.Ticks * 100));
    }

    /// <summary>Passes over what a client was too slow for. The sequence numbers are used up, so that the client sees the loss.</summary>
    public int SkipTo(long mediaNanoseconds, TimeSpan patience)
    {
        long latest = mediaNanoseconds + (patience.Ticks * 100);
        int units = 0;
        while (_cursor.DueNanoseconds < mediaNanoseconds || (!_cursor.IsRandomAccess && _cursor.DueNanoseconds < latest))
        {
            _sequence += (ushort)_track.PacketCount(_cursor.Unit);
            _cursor.MoveNext();
            units++;
        }

        return units;
    }

    /// <summary>Shows another clip from now on. SSRC, sequence and timestamp run on.</summary>
    public void Switch(Clip clip, long clipStartNanoseconds)
    {
        _track = clip.Tracks[Index];
        _cursor = new TrackCursor(clip, Index, clipStartNanoseconds);
    }

    /// <summary>Copies the next unit's frames, ready to send, and moves on.</summary>
    /// <param name="destination">At least <see cref="NextBytes"/> long.</param>
    /// <param name="unit">What was taken.</param>
    /// <param name="timestamp">Its RTP timestamp.</param>
    /// <returns>Bytes written.</returns>
    public int TakeNext(Span<byte> destination, out ClipUnit unit, out uint timestamp)
    {
        ReadOnlySpan<byte> wire = _track.WireOf(_cursor.Unit);
        wire.CopyTo(destination);
        timestamp = NextTimestamp;
        int at = 0;
        while (at < wire.Length)
        {
            Span<byte> frame = destination[at..];
            frame[ChannelAt] = RtpChannel;
            int dataBytes = BinaryPrimitives.ReadUInt16BigEndian(frame[LengthAt..]);
            BinaryPrimitives.WriteUInt16BigEndian(frame[SequenceAt..], _sequence++);
            BinaryPrimitives.WriteUInt32BigEndian(frame[TimestampAt..], timestamp);
            BinaryPrimitives.WriteUInt32BigEndian(frame[SsrcAt..], _ssrc);
            at += InterleavedFrame.HeaderBytes + dataBytes;
            _packets++;
            _octets += (uint)(dataBytes - RtpHeaderBytes);
        }

        unit = _track.Units[_cursor.Unit];
        _cursor.MoveNext();
        return wire.Length;
    }

    /// <summary>Bytes that <see cref="SenderReport"/> writes at most.</summary>
    public const int SenderReportBytes = 128;

    /// <summary>Writes a frame with an RTCP sender report and the canonical name (RFC 3550 §6.4.1, §6.5).</summary>
    /// <param name="destination">At least <see cref="SenderReportBytes"/> long.</param>
    /// <param name="wall">What the camera's wall clock shows.</param>
    /// <param name="mediaNanoseconds">The camera's media time at that instant.</param>
    public int SenderReport(Span<byte> destination, WallTime wall, long mediaNanoseconds)
    {
        uint timestamp = _timestampStart + (uint)TrackCursor.TicksOf(mediaNanoseconds, _track.Format.Timescale);
        RtcpWriter writer = new(destination[InterleavedFrame.HeaderBytes..]);
        writer.SenderReport(_ssrc, new SenderInfo(SenderInfo.ToNtp(wall), timestamp, _packets, _octets));
        writer.SourceDescription(_ssrc, "rookery-farm"u8);
        InterleavedFrame.WriteHeader(destination, RtcpChannel, writer.Length);
        return InterleavedFrame.HeaderBytes + writer.Length;
    }
}
