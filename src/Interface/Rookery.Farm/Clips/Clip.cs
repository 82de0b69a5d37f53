// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Media;

namespace Rookery.Farm.Clips;

/// <summary>
/// Moving pictures (and sound) that a camera repeats without end, already cut into RTP packets. Immutable and shared by all cameras and clients that show it:
/// what differs between them (SSRC, sequence number, timestamp, channel) is patched into a copy when it is sent.
/// </summary>
/// <param name="Name">For people: file name, or the name of the made picture.</param>
/// <param name="LoopTicks">Length of one round in units of 1/90000 s; positive.</param>
/// <param name="Tracks">Video first; at least one.</param>
public sealed record Clip(string Name, long LoopTicks, IReadOnlyList<ClipTrack> Tracks)
{
    /// <summary>Units of <see cref="LoopTicks"/> in a second: the RTP clock of all video.</summary>
    public const int LoopTimescale = 90_000;

    public TimeSpan LoopDuration => TimeSpan.FromSeconds((double)LoopTicks / LoopTimescale);

    /// <summary>What the clip costs on the wire, in bits per second, packet headers left out.</summary>
    public double BitsPerSecond => Tracks.Sum(track => track.PayloadBytes) * 8 / LoopDuration.TotalSeconds;

    /// <summary>Width and height of the picture, such as <c>1920x1080</c>.</summary>
    public string Size => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Tracks[0].Format.Width}x{Tracks[0].Format.Height}");

    public override string ToString()
    {
        TrackFormat video = Tracks[0].Format;
        string sound = Tracks.Count > 1 ? " + " + Tracks[1].Format.Codec : "";
        return string.Create(System.Globalization.CultureInfo.InvariantCulture,
            $"{Name}: {video.Codec} {video.Width}x{video.Height}{sound}, {BitsPerSecond / 1e6:0.00} Mbit/s, {LoopDuration.TotalSeconds:0.00} s");
    }
}
