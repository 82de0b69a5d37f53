// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Media;
using Rookery.Media.Rtp;

namespace Rookery.Rtsp;

/// <summary>Chooses what to record of a description: the first video, the first audio and the first metadata whose coding is known.</summary>
public static class TrackSelection
{
    /// <param name="session">The description.</param>
    /// <param name="baseUrl">See <see cref="ControlUrl.Base"/>.</param>
    /// <param name="notes">Takes a sentence for each medium that is left out.</param>
    public static IReadOnlyList<ClientTrack> Choose(SessionDescription session, string baseUrl, ICollection<string> notes)
    {
        List<ClientTrack> chosen = [];
        foreach ((string kind, TrackKind track) in (ReadOnlySpan<(string, TrackKind)>)[("video", TrackKind.Video), ("audio", TrackKind.Audio), ("application", TrackKind.Metadata)])
        {
            bool taken = false;
            foreach (MediaDescription media in session.Media.Where(media => media.Kind == kind))
            {
                RtpPayloadFormat? payload = taken ? null : SdpPayloads.Of(media).FirstOrDefault(candidate => IsRecordable(candidate, track));
                if (payload is not null)
                {
                    chosen.Add(new(chosen.Count, payload, ControlUrl.Resolve(baseUrl, media.Control)));
                    taken = true;
                }
                else
                {
                    notes.Add(taken ? $"Another {kind} track is left out." : $"A {kind} track is left out: its coding is not supported ({Describe(media)}).");
                }
            }
        }

        return chosen;
    }

    private static bool IsRecordable(RtpPayloadFormat payload, TrackKind kind) =>
        payload.Codec is { } codec && payload.ClockRate > 0 && new TrackFormat { Codec = codec, Timescale = payload.ClockRate }.Kind == kind;

    /// <summary>Encoding names come from outside: only their letters and digits are shown.</summary>
    private static string Describe(MediaDescription media)
    {
        string names = string.Join(", ", SdpPayloads.Of(media).Select(payload => payload.EncodingName.Length == 0 ? $"payload type {payload.PayloadType}" : Plain(payload.EncodingName)));
        return names.Length == 0 ? "no payload type" : names;
    }

    private static string Plain(string text) =>
        string.Concat(text.Take(32).Where(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '.' or '_'));
}
