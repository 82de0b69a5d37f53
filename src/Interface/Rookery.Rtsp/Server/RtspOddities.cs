// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Rtsp.Server;

/// <summary>Faults that cameras in the field have, to be shown on purpose when clients are tested.</summary>
[Flags]
public enum RtspOddities
{
    None = 0,

    /// <summary>The answer to SETUP has no Transport header.</summary>
    NoTransport = 1,

    /// <summary>Media is sent before the answer to PLAY.</summary>
    EarlyRtp = 2,

    /// <summary>Content-Base names an address that nobody can reach, as behind a router that translates addresses.</summary>
    BadContentBase = 4,

    /// <summary>There is no Content-Base.</summary>
    NoContentBase = 8,

    /// <summary>The server takes other interleaved channels than the client asked for.</summary>
    OtherChannels = 16,

    /// <summary>Responses have no CSeq.</summary>
    NoCSeq = 32,

    /// <summary>There are no RTCP sender reports.</summary>
    NoSenderReports = 64,

    /// <summary>PLAY has no RTP-Info.</summary>
    NoRtpInfo = 128,

    /// <summary>Neither OPTIONS nor GET_PARAMETER is known.</summary>
    NoOptions = 256,
}
