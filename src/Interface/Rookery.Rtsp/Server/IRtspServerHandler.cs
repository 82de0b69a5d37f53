// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Rtsp.Server;

/// <summary>What is offered under one path.</summary>
/// <param name="Sdp">Session description; its media have the control URLs <c>track0</c>, <c>track1</c>, … in order.</param>
/// <param name="TrackCount">Media in it.</param>
public sealed record RtspPresentation(ReadOnlyMemory<byte> Sdp, int TrackCount);

/// <summary>What a server session asks and tells. Called on the thread that calls the session.</summary>
public interface IRtspServerHandler
{
    /// <summary>The presentation at <paramref name="path"/> (no leading or trailing slash, no query); <c>null</c> when there is none.</summary>
    RtspPresentation? Find(string path);

    /// <summary>
    /// Media is to flow over the <see cref="RtspServerSession.Tracks"/> from now on, behind the answer to PLAY. Returns where the RTP of each track begins, or <c>null</c> for a
    /// track that was not set up.
    /// </summary>
    IReadOnlyList<RtpStart?> OnPlay(RtspServerSession session);

    /// <summary>Media is to stop, for now or for good.</summary>
    void OnStop(RtspServerSession session);
}

/// <summary>Sequence number and timestamp of a track's next packet.</summary>
public readonly record struct RtpStart(ushort Sequence, uint Timestamp);

/// <summary>How one track travels.</summary>
/// <param name="Channels">Interleaved channels of RTP and RTCP; <c>null</c> for UDP.</param>
/// <param name="ClientPorts">The client's UDP ports; <c>null</c> for TCP.</param>
public sealed record ServerTrack(NumberPair? Channels, NumberPair? ClientPorts);
