// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Globalization;
using Rookery.Media;
using Rookery.Media.Mp4;
using Rookery.Storage;

namespace Rookery.Recording.Playback.Hls;

/// <summary>Initialization segments of HLS: named by the formats they describe, and made from nothing else.</summary>
public static class HlsInit
{
    /// <summary>What browsers play in fragmented MP4. G.711, JPEG and metadata are left out.</summary>
    public static bool Accepts(TrackFormat format) => format.Codec is Codec.H264 or Codec.H265 or Codec.Aac or Codec.Opus;

    /// <summary>Number of a track in initialization segments and fragments: the leading track is 1, the audio beside it 2.</summary>
    internal static uint TrackId(int place) => (uint)place + 1;

    /// <summary>32 hexadecimal digits for each format, joined by a hyphen.</summary>
    public static string Address(FormatId lead, FormatId? audio)
    {
        string first = lead.Value.ToString("x32", CultureInfo.InvariantCulture);
        return audio is { } second ? $"{first}-{second.Value.ToString("x32", CultureInfo.InvariantCulture)}" : first;
    }

    /// <summary>Makes the segment; <c>null</c> when the address is none, or names a format that the store does not know.</summary>
    public static byte[]? Make(IVideoStore store, string address)
    {
        List<Mp4Track> tracks = [];
        foreach (string part in address.Split('-', 3))
        {
            if (tracks.Count == 2
                || part.Length != 32
                || !UInt128.TryParse(part, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out UInt128 id)
                || store.Format(new FormatId(id)) is not { } bytes
                || !TrackFormat.TryParse(bytes.Span, out TrackFormat? format)
                || !Accepts(format))
            {
                return null;
            }

            tracks.Add(new Mp4Track(TrackId(tracks.Count), format));
        }

        return InitSegment.Create(tracks);
    }
}
