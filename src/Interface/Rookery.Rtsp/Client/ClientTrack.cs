// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Media;
using Rookery.Media.Rtp;

namespace Rookery.Rtsp;

/// <summary>A track that was chosen for recording.</summary>
/// <param name="Index">0-based; video before audio before metadata.</param>
/// <param name="Payload">What its packets hold.</param>
/// <param name="ControlUrl">What to SETUP.</param>
public sealed record ClientTrack(int Index, RtpPayloadFormat Payload, string ControlUrl)
{
    /// <summary>Its coding: only tracks whose coding is known are chosen.</summary>
    public Codec Codec => Payload.Codec ?? throw new InvalidOperationException("A track without a known coding was chosen.");
}
