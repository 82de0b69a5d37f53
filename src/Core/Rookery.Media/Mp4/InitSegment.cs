// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Media.Mp4;

/// <summary>
/// Makes initialization segments (ISO/IEC 14496-12 §8.8, ISO/IEC 23000-19 §7.3.1): <c>ftyp</c> and a <c>moov</c> without samples, what a player reads before the
/// first fragment.
/// </summary>
public static class InitSegment
{
    /// <summary>Writes one; a few hundred bytes per track.</summary>
    public static byte[] Create(IReadOnlyList<Mp4Track> tracks)
    {
        BoxWriter writer = new();
        int ftyp = writer.Begin("ftyp"u8);
        writer.Bytes("iso6"u8);
        writer.U32(0);
        writer.Bytes("iso6cmfcmp41"u8);
        writer.End(ftyp);

        int moov = writer.Begin("moov"u8);
        MovieBoxes.MovieHeader(writer, 1000, 0, null, (uint)tracks.Count + 1);
        foreach (Mp4Track track in tracks)
        {
            Track(writer, track);
        }

        int mvex = writer.Begin("mvex"u8);
        foreach (Mp4Track track in tracks)
        {
            int trex = writer.Begin("trex"u8, 0, 0);
            writer.U32(track.Id);
            writer.U32(1); // sample description
            writer.Zeros(12); // fragments say duration, size and flags themselves
            writer.End(trex);
        }

        writer.End(mvex);
        writer.End(moov);
        return writer.ToArray();
    }

    private static void Track(BoxWriter writer, Mp4Track track)
    {
        int trak = writer.Begin("trak"u8);
        MovieBoxes.TrackHeader(writer, track, 0, null);
        int mdia = writer.Begin("mdia"u8);
        MovieBoxes.MediaHeader(writer, track.Timescale, 0, null);
        MovieBoxes.Handler(writer, track.Kind);
        int minf = writer.Begin("minf"u8);
        MovieBoxes.MediaInformationHead(writer, track.Kind);
        int stbl = writer.Begin("stbl"u8);
        MovieBoxes.SampleDescriptions(writer, track.Formats);
        EmptyTable(writer, "stts"u8);
        EmptyTable(writer, "stsc"u8);
        int stsz = writer.Begin("stsz"u8, 0, 0);
        writer.Zeros(8);
        writer.End(stsz);
        EmptyTable(writer, "stco"u8);
        writer.End(stbl);
        writer.End(minf);
        writer.End(mdia);
        writer.End(trak);
    }

    private static void EmptyTable(BoxWriter writer, ReadOnlySpan<byte> type)
    {
        int box = writer.Begin(type, 0, 0);
        writer.U32(0);
        writer.End(box);
    }
}
