// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Rtsp;

/// <summary>The steps of a session, in order.</summary>
public enum RtspStep : byte
{
    Options,
    Describe,
    Setup,
    Play,

    /// <summary>PLAY was answered.</summary>
    Media,
}

/// <summary>Why a session ended.</summary>
public enum RtspEndReason : byte
{
    /// <summary>We stopped it.</summary>
    Stopped,

    /// <summary>The server closed the connection.</summary>
    Closed,

    /// <summary>A request was not answered in time.</summary>
    NoAnswer,

    /// <summary>The peer speaks something else.</summary>
    NotRtsp,

    /// <summary>401, and there are no credentials to answer with.</summary>
    CredentialsNeeded,

    /// <summary>401 to our credentials, or 403.</summary>
    CredentialsRejected,

    /// <summary>401 with no scheme that is known here.</summary>
    SchemeUnsupported,

    /// <summary>404: no such path.</summary>
    NotFound,

    /// <summary>461 to every transport that may be used.</summary>
    TransportRefused,

    /// <summary>Another status than success.</summary>
    Refused,

    /// <summary>The description cannot be read.</summary>
    BadDescription,

    /// <summary>The description holds nothing that can be recorded.</summary>
    NoSupportedTrack,

    /// <summary>PLAY was answered, and no packet ever came.</summary>
    NoMedia,

    /// <summary>Packets came, and stopped.</summary>
    Stalled,

    /// <summary>The framing was lost and not found again.</summary>
    Garbage,

    /// <summary>The server wants us elsewhere; see <see cref="RtspClientEnd.ContinueAt"/>.</summary>
    Redirected,

    /// <summary>The server asked to end, with RTCP BYE or a REDIRECT in mid-session.</summary>
    EndedByServer,
}

/// <summary>How a session ended.</summary>
/// <param name="Reason">What happened.</param>
/// <param name="Step">Where.</param>
/// <param name="StatusCode">The status that ended it; 0 for none.</param>
/// <param name="Message">One sentence for a person. Holds no credentials, and no text of the peer's.</param>
public sealed record RtspClientEnd(RtspEndReason Reason, RtspStep Step, int StatusCode, string Message)
{
    /// <summary>The URL to go on with on a new connection; <c>null</c> when this is the end.</summary>
    public string? ContinueAt { get; init; }
}
