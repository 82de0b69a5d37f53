// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Media.Mp4.Reading;

/// <summary>Reads a <c>moov</c>, then takes the fragments that follow it.</summary>
internal sealed class MovieReader
{
    private readonly uint _timescale;
    private readonly List<TrackReader> _tracks = [];

    public MovieReader(ReadOnlySpan<byte> moov, long fileBytes)
    {
        FieldReader header = new(Box.Find(moov, "mvhd"u8));
        (byte version, _) = header.VersionAndFlags();
        header.Skip(version == 1 ? 16 : 8);
        _timescale = header.U32();
        if (header.IsShort || _timescale == 0)
        {
            throw new InvalidDataException("The movie header (mvhd) is missing or damaged.");
        }

        ReadOnlySpan<byte> rest = moov;
        while (Box.TryNext(ref rest, out Box box))
        {
            if (box.Is("trak"u8) && TrackReader.TryCreate(box.Body, fileBytes) is { } track)
            {
                _tracks.Add(track);
            }
        }

        rest = Box.Find(moov, "mvex"u8);
        while (Box.TryNext(ref rest, out Box box))
        {
            if (box.Is("trex"u8))
            {
                FieldReader fields = new(box.Body);
                fields.Skip(4);
                FindTrack(fields.U32())?.SetDefaults(new(fields.U32(), fields.U32(), fields.U32(), fields.U32()));
            }
        }
    }

    /// <summary>Adds the samples of a fragment; <c>false</c> when their bytes are not all in the file.</summary>
    public bool TryAddFragment(ReadOnlySpan<byte> moof, long moofOffset)
    {
        List<(TrackReader Track, int Count)> before = [.. _tracks.Select(track => (track, track.SampleCount))];
        ReadOnlySpan<byte> rest = moof;
        while (Box.TryNext(ref rest, out Box box))
        {
            if (!box.Is("traf"u8))
            {
                continue;
            }

            FieldReader header = new(Box.Find(box.Body, "tfhd"u8));
            header.Skip(4);
            if (FindTrack(header.U32()) is { } track && !track.TryAddFragment(box.Body, moofOffset))
            {
                before.ForEach(state => state.Track.Truncate(state.Count));
                return false;
            }
        }

        return true;
    }

    public Mp4File ToFile() => new(_timescale, [.. _tracks.Select(track => track.ToTrack())]);

    private TrackReader? FindTrack(uint id) => _tracks.Find(track => track.Id == id);
}
