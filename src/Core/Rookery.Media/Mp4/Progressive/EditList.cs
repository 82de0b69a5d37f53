// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Media.Mp4.Progressive;

/// <summary>The edits of one track (ISO/IEC 14496-12 §8.6.6): an empty one where the track begins later than the window, then the part that is shown.</summary>
/// <param name="Empty">In the movie's timescale.</param>
/// <param name="Shown">In the movie's timescale.</param>
/// <param name="MediaTime">Where the shown part begins, in the track's timescale from its first decode time.</param>
internal readonly record struct EditList(ulong Empty, ulong Shown, long MediaTime)
{
    public ulong Duration => Empty + Shown;

    public static EditList For(TrackTables track, long windowStart, long windowEnd, uint movieTimescale)
    {
        long start = Ticks.Rescale(windowStart, movieTimescale, track.Timescale);
        long shownFrom = Math.Max(start, track.FirstPresentationTime);
        long shownTo = Ticks.Rescale(track.End, track.Timescale, movieTimescale);
        shownTo = Math.Min(shownTo, windowEnd);
        long empty = shownFrom > start ? Ticks.Rescale(shownFrom, track.Timescale, movieTimescale) - windowStart : 0;
        return new((ulong)Math.Max(0, empty), (ulong)Math.Max(0, shownTo - windowStart - empty), shownFrom - track.FirstDecodeTime);
    }

    public void WriteTo(BoxWriter writer)
    {
        bool isWide = Duration > uint.MaxValue || MediaTime > int.MaxValue;
        int edts = writer.Begin("edts"u8);
        int elst = writer.Begin("elst"u8, isWide ? (byte)1 : (byte)0, 0);
        writer.U32(Empty > 0 ? 2u : 1u);
        if (Empty > 0)
        {
            Entry(writer, isWide, Empty, -1);
        }

        Entry(writer, isWide, Shown, MediaTime);
        writer.End(elst);
        writer.End(edts);
    }

    private static void Entry(BoxWriter writer, bool isWide, ulong duration, long mediaTime)
    {
        if (isWide)
        {
            writer.U64(duration);
            writer.I64(mediaTime);
        }
        else
        {
            writer.U32((uint)duration);
            writer.I32((int)mediaTime);
        }

        writer.U32(0x0001_0000); // rate 1.0
    }
}
