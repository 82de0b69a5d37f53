// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Globalization;
using System.Text;
using Rookery.Foundation;
using Rookery.Storage;

namespace Rookery.Recording.Playback.Hls;

/// <summary>Whether a playlist is complete.</summary>
public enum HlsPlaylistKind : byte
{
    /// <summary>Everything is in it; it never changes.</summary>
    Finished,

    /// <summary>The range reaches into the future: segments are added as they become durable, none is changed or taken away.</summary>
    Growing,
}

/// <summary>
/// Makes HLS media playlists (RFC 8216) for any range, from the playback plan and nothing else. See docs/design/playback.md for the rules of segments and discontinuities.
/// </summary>
public static class HlsPlaylist
{
    /// <summary>What <c>EXT-X-TARGETDURATION</c> says at least, in seconds: in a growing playlist it must not change (§4.3.3.1).</summary>
    private const int TargetSeconds = 6;

    /// <summary>Makes the playlist.</summary>
    /// <param name="store">The store.</param>
    /// <param name="request">Channel and range; formats that browsers do not play are left out whatever it accepts.</param>
    /// <param name="kind">Whether the range is complete.</param>
    /// <param name="prefix">Put before the addresses of segments: <c>PREFIX + address + ".m4s"</c>, and <c>".mp4"</c> for initialization segments.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <returns><c>null</c> when nothing that can be played is recorded in the range.</returns>
    public static async Task<string?> MakeAsync(
        IVideoStore store, PlaybackRequest request, HlsPlaylistKind kind, string prefix, CancellationToken cancellation)
    {
        PlaybackPlan plan = new(store, request with { Accepts = HlsInit.Accepts });
        HlsSegmenter segmenter = new(request.Role);
        await foreach (PlannedChunk chunk in plan.ReadAsync(cancellation))
        {
            segmenter.Add(chunk);
        }

        if (kind == HlsPlaylistKind.Finished)
        {
            segmenter.Finish();
        }

        if (segmenter.Segments is not [var first, ..] segments)
        {
            return null;
        }

        // Formatting costs more than planning does, so each line is appended without a string in between.
        double longest = segments.Max(segment => segment.Seconds);
        double offset = (double)(plan.WindowStart - first.Position) / plan.Timescale;
        StringBuilder text = new(256 + (segments.Count * 160));
        text.Append("#EXTM3U\n#EXT-X-VERSION:7\n");
        text.Append(CultureInfo.InvariantCulture, $"#EXT-X-TARGETDURATION:{Math.Max(TargetSeconds, (int)Math.Ceiling(longest))}\n");
        text.Append("#EXT-X-MEDIA-SEQUENCE:0\n");
        text.Append(kind == HlsPlaylistKind.Finished ? "#EXT-X-PLAYLIST-TYPE:VOD\n" : "#EXT-X-PLAYLIST-TYPE:EVENT\n");
        text.Append("#EXT-X-INDEPENDENT-SEGMENTS\n");
        text.Append(CultureInfo.InvariantCulture, $"#EXT-X-START:TIME-OFFSET={Math.Max(0, offset):F3},PRECISE=YES\n");
        HlsSegmentEntry? before = null;
        foreach (HlsSegmentEntry segment in segments)
        {
            Append(text, segment, before, prefix);
            before = segment;
        }

        return text.Append(kind == HlsPlaylistKind.Finished ? "#EXT-X-ENDLIST\n" : "").ToString();
    }

    private static void Append(StringBuilder text, HlsSegmentEntry segment, HlsSegmentEntry? before, string prefix)
    {
        (FormatId Lead, FormatId? Audio) formats = (segment.LeadFormat, segment.AudioFormat);
        bool isNewInit = before is null || formats != (before.LeadFormat, before.AudioFormat);
        bool isDiscontinuity = before is not null && (isNewInit || segment.Section != before.Section);
        if (isDiscontinuity)
        {
            text.Append("#EXT-X-DISCONTINUITY\n");
        }

        if (isNewInit)
        {
            text.Append(CultureInfo.InvariantCulture, $"#EXT-X-MAP:URI=\"{prefix}{HlsInit.Address(formats.Lead, formats.Audio)}.mp4\"\n");
        }

        if (before is null || isDiscontinuity)
        {
            text.Append(CultureInfo.InvariantCulture, $"#EXT-X-PROGRAM-DATE-TIME:{segment.Wall.ToDateTimeOffset():yyyy-MM-dd'T'HH:mm:ss.fff'Z'}\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"#EXTINF:{segment.Seconds:F5},\n{prefix}{segment.Address}.m4s\n");
    }
}
