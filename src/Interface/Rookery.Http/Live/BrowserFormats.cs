// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Media;

namespace Rookery.Http;

/// <summary>What browsers play through Media Source in fMP4, and its name.</summary>
internal static class BrowserFormats
{
    public static bool CanPlay(TrackFormat format) => format.Codec is Codec.H264 or Codec.H265 or Codec.Aac or Codec.Opus;

    /// <summary>The MIME type with codecs of the playable tracks among <paramref name="formats"/>; <c>null</c> when there is no playable video.</summary>
    public static string? MimeType(IEnumerable<TrackFormat> formats)
    {
        TrackFormat? video = null;
        TrackFormat? audio = null;
        foreach (TrackFormat format in formats)
        {
            if (CanPlay(format))
            {
                video ??= format.Kind == TrackKind.Video ? format : null;
                audio ??= format.Kind == TrackKind.Audio ? format : null;
            }
        }

        return video is null ? null : MimeType(video, audio);
    }

    public static string MimeType(TrackFormat video, TrackFormat? audio) =>
        audio is null ? $"video/mp4; codecs=\"{video.CodecString}\"" : $"video/mp4; codecs=\"{video.CodecString}, {audio.CodecString}\"";
}
