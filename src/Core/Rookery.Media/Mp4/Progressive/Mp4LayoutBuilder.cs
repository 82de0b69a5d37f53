// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Media.Mp4.Progressive;

/// <summary>
/// Computes a <see cref="Mp4Layout"/> from sample tables alone: header first, exact length, nothing of the media itself.
/// </summary>
/// <remarks>
/// All tracks count from one common zero, each in its own timescale. Samples come in chunks, in the order their bytes have in the file; the caller remembers where
/// the bytes of each chunk really are. Decode times grow strictly within a track; a pause becomes a longer duration of the sample before it. One thread.
/// </remarks>
public sealed class Mp4LayoutBuilder
{
    private readonly List<TrackTables> _tracks = [];
    private readonly List<long> _chunkEnds = [];
    private TrackTables? _current;
    private long _mediaBytes;

    /// <summary>Bytes of media so far.</summary>
    public long MediaBytes => _mediaBytes;

    /// <summary>Adds a track.</summary>
    /// <returns>Its number for the other calls, 0 and up. The first track's timescale is the movie's.</returns>
    public int AddTrack(uint timescale)
    {
        _tracks.Add(new TrackTables { Timescale = timescale });
        return _tracks.Count - 1;
    }

    /// <summary>Begins the next chunk of the file: samples of one track and one format that lie together.</summary>
    public void BeginChunk(int track, TrackFormat format)
    {
        _current = _tracks[track];
        _current.BeginChunk(format, _mediaBytes);
        _chunkEnds.Add(_mediaBytes);
    }

    /// <summary>Adds a sample to the chunk that was begun last.</summary>
    /// <param name="decodeTime">On the common timeline, in the track's timescale.</param>
    /// <param name="compositionOffset">Presentation time minus decode time.</param>
    /// <param name="sizeBytes">Bytes in the chunk.</param>
    /// <param name="isSync">Decoding can start here.</param>
    /// <param name="nominalDuration">Used when no sample follows in this track.</param>
    public void AddSample(long decodeTime, int compositionOffset, int sizeBytes, bool isSync, uint nominalDuration)
    {
        _current!.AddSample(decodeTime, compositionOffset, sizeBytes, isSync, nominalDuration);
        _mediaBytes += sizeBytes;
        _chunkEnds[^1] = _mediaBytes;
    }

    /// <summary>Ends the file. What lies outside the window is in the file, since decoding may need it, but an edit list hides it.</summary>
    /// <param name="windowStart">First instant to be shown, on the common timeline, in the first track's timescale.</param>
    /// <param name="windowEnd">First instant that is not shown any more.</param>
    /// <param name="created">Wall-clock time of the beginning; <c>null</c> leaves it out.</param>
    public Mp4Layout Build(long windowStart, long windowEnd, WallTime? created)
    {
        uint movieTimescale = _tracks[0].Timescale;
        List<(Mp4Track Header, TrackTables Tables, EditList Edits)> tracks = [];
        ulong movieDuration = 0;
        long headerBound = 4096;
        foreach (TrackTables tables in _tracks.Where(track => track.SampleCount > 0))
        {
            tables.Finish();
            EditList edits = EditList.For(tables, windowStart, windowEnd, movieTimescale);
            tracks.Add((new((uint)tracks.Count + 1, tables.Timescale, tables.Formats), tables, edits));
            movieDuration = Math.Max(movieDuration, edits.Duration);
            headerBound += tables.TableBytes + tables.Formats.Sum(format => format.CodecPrivate.Length + 512L);
        }

        bool isWide = headerBound + _mediaBytes > uint.MaxValue;
        BoxWriter writer = new((int)headerBound);
        int ftyp = writer.Begin("ftyp"u8);
        writer.Bytes("isom"u8);
        writer.U32(0x200);
        writer.Bytes("isomiso2mp41"u8);
        writer.End(ftyp);

        int moov = writer.Begin("moov"u8);
        MovieBoxes.MovieHeader(writer, movieTimescale, movieDuration, created, (uint)tracks.Count + 1);
        List<int> offsetPositions = [];
        foreach ((Mp4Track header, TrackTables tables, EditList edits) in tracks)
        {
            offsetPositions.Add(Track(writer, header, tables, edits, created, isWide));
        }

        writer.End(moov);
        writer.MediaDataHeader(_mediaBytes);
        for (int i = 0; i < tracks.Count; i++)
        {
            tracks[i].Tables.PatchOffsets(writer, offsetPositions[i], isWide, writer.Length);
        }

        return new Mp4Layout(writer.ToArray(), [.. _chunkEnds], TimeSpan.FromSeconds((double)movieDuration / movieTimescale));
    }

    private static int Track(BoxWriter writer, Mp4Track track, TrackTables tables, in EditList edits, WallTime? created, bool isWide)
    {
        int trak = writer.Begin("trak"u8);
        MovieBoxes.TrackHeader(writer, track, edits.Duration, created);
        edits.WriteTo(writer);
        int mdia = writer.Begin("mdia"u8);
        MovieBoxes.MediaHeader(writer, track.Timescale, tables.MediaDuration, created);
        MovieBoxes.Handler(writer, track.Kind);
        int minf = writer.Begin("minf"u8);
        MovieBoxes.MediaInformationHead(writer, track.Kind);
        int offsets = tables.WriteTo(writer, isWide);
        writer.End(minf);
        writer.End(mdia);
        writer.End(trak);
        return offsets;
    }
}
