// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Media;

/// <summary>How a track is coded. Numbers are stored and never change their meaning.</summary>
public enum Codec : byte
{
    H264 = 1,
    H265 = 2,
    Jpeg = 3,
    Aac = 10,
    Pcmu = 11,
    Pcma = 12,
    Opus = 13,
    OnvifMetadata = 20,
}

/// <summary>The medium of a track.</summary>
public enum TrackKind : byte
{
    Video,
    Audio,
    Metadata,
}
