// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Globalization;
using Rookery.Farm.Clips;
using Rookery.Media;
using Rookery.Rtsp;

namespace Rookery.Farm.Packing;

/// <summary>The session description of a clip, as DESCRIBE answers it.</summary>
internal static class ClipDescription
{
    public static byte[] Write(Clip clip) => SdpFormatter.Format(new SessionDescription
    {
        Origin = "- 0 0 IN IP4 127.0.0.1",
        Name = clip.Name,
        Connection = "IN IP4 0.0.0.0",
        Attributes = [new("control", "*"), new("range", "npt=now-")],
        Media = [.. clip.Tracks.Select(Describe)],
    });

    private static MediaDescription Describe(ClipTrack track, int index)
    {
        string type = track.PayloadType.ToString(CultureInfo.InvariantCulture);
        List<SdpAttribute> attributes = [new("rtpmap", $"{type} {track.RtpMap}")];
        if (track.Parameters is { } parameters)
        {
            attributes.Add(new("fmtp", $"{type} {parameters}"));
        }

        attributes.Add(new("control", string.Create(CultureInfo.InvariantCulture, $"track{index}")));
        return new MediaDescription
        {
            Kind = track.Format.Kind == TrackKind.Video ? "video" : "audio",
            Formats = [type],
            Attributes = attributes,
        };
    }
}
