// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Rtsp;

/// <summary>Payload types that mean the same everywhere and need no <c>rtpmap</c> (RFC 3551 §6).</summary>
internal static class StaticPayloads
{
    public static string? Find(byte payloadType) => payloadType switch
    {
        0 => "PCMU/8000",
        3 => "GSM/8000",
        4 => "G723/8000",
        8 => "PCMA/8000",
        9 => "G722/8000",
        10 => "L16/44100/2",
        11 => "L16/44100",
        14 => "MPA/90000",
        18 => "G729/8000",
        26 => "JPEG/90000",
        31 => "H261/90000",
        32 => "MPV/90000",
        33 => "MP2T/90000",
        34 => "H263/90000",
        _ => null,
    };
}
