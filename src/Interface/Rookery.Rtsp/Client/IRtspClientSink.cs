// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;
using Rookery.Media.Rtp;

namespace Rookery.Rtsp;

/// <summary>Takes what a client session finds. Called inside <see cref="RtspClientSession"/>'s own methods, on their thread.</summary>
public interface IRtspClientSink
{
    /// <summary>The tracks are chosen and set up. Once, before any packet.</summary>
    void OnTracks(IReadOnlyList<ClientTrack> tracks);

    /// <summary>One RTP packet, in order.</summary>
    /// <param name="track">Index into the tracks.</param>
    /// <param name="packet">Valid during the call: it lies in the receive buffer.</param>
    /// <param name="lossBefore">Packets before it are missing.</param>
    /// <param name="now">When it was read.</param>
    void OnPacket(int track, in RtpPacket packet, bool lossBefore, MonotonicTime now);

    /// <summary>The clock of a track's sender.</summary>
    void OnSenderReport(int track, in SenderInfo info, MonotonicTime now);

    /// <summary>An oddity of the camera, one sentence without credentials. At most <see cref="RtspClientSession.MaxNotes"/> a session.</summary>
    void OnNote(string note)
    {
    }

    /// <summary>The session is over. Once; nothing comes after it.</summary>
    void OnEnded(RtspClientEnd end);
}

/// <summary>What a session needs to receive over UDP.</summary>
/// <param name="Datagrams">Its sockets.</param>
/// <param name="Pool">Where packets wait that came before their turn.</param>
public sealed record RtspUdp(IRtspDatagrams Datagrams, BlockPool Pool);

/// <summary>The UDP sockets of a session.</summary>
public interface IRtspDatagrams
{
    /// <summary>Opens a pair of ports, the first one even, for RTP and RTCP of a track.</summary>
    /// <returns><c>false</c> when no pair is free.</returns>
    bool TryOpen(int track, out NumberPair ports);

    /// <summary>The server has told its own ports; datagrams from elsewhere are to be dropped.</summary>
    /// <param name="track">The track.</param>
    /// <param name="serverPorts"><c>null</c> when it did not tell: any port of its address will do.</param>
    void Connect(int track, NumberPair? serverPorts);

    /// <summary>Sends one datagram, or drops it.</summary>
    void Send(int track, bool isRtcp, ReadOnlySpan<byte> datagram);
}
