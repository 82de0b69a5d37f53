// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Farm;
using Rookery.Farm.Clips;
using Rookery.Media.Mp4.Reading;

namespace Rookery.EndToEnd;

/// <summary>Holds what was played back against what the camera sent, access unit by access unit.</summary>
internal static class Comparison
{
    /// <summary>Hashes of the samples of a track of a downloaded file: 0 is the video, 1 the sound.</summary>
    public static IReadOnlyList<ulong> Units(byte[] file, int track)
    {
        using MemoryStream stream = new(file);
        Mp4File movie = Mp4Reader.Read(stream);
        return movie.Tracks.Count <= track ? [] : [.. movie.Tracks[track].Samples.Select(sample => ClipUnit.HashOf(Mp4Reader.ReadSample(stream, sample)))];
    }

    /// <summary>
    /// Cuts what was played back into pieces that each are a run of what was sent, without a unit missing, added or changed within a piece. A camera that loops repeats itself, so the pieces are matched in order.
    /// </summary>
    /// <returns>For each piece, where it begins in what was sent, and how many units it has.</returns>
    public static IReadOnlyList<(int Start, int Count)> Pieces(IReadOnlyList<ulong> played, IReadOnlyList<SentUnit> sent, int track)
    {
        ulong[] units = [.. sent.Where(unit => unit.Track == track).Select(unit => unit.Hash)];
        List<(int, int)> pieces = [];
        int at = 0, searchFrom = 0;
        while (at < played.Count)
        {
            (int start, int count) = LongestMatch(played, at, units, searchFrom);
            count.ShouldBeGreaterThan(0, $"unit {at} of {played.Count} of track {track} was never sent, or not in this order");
            pieces.Add((start, count));
            at += count;
            searchFrom = start + count;
        }

        return pieces;
    }

    private static (int Start, int Count) LongestMatch(IReadOnlyList<ulong> played, int at, ulong[] units, int from)
    {
        (int Start, int Count) best = (0, 0);
        for (int start = from; start < units.Length; start++)
        {
            int count = 0;
            while (at + count < played.Count && start + count < units.Length && played[at + count] == units[start + count])
            {
                count++;
            }

            if (count > best.Count)
            {
                best = (start, count);
            }
        }

        return best;
    }
}
