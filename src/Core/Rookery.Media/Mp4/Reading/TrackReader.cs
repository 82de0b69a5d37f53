// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Media.Mp4.Reading;

/// <summary>What samples of a fragment are like when it does not say (<c>trex</c>, §8.8.3).</summary>
internal readonly record struct FragmentDefaults(uint Description, uint Duration, uint Size, uint Flags);

/// <summary>Reads one <c>trak</c>, and the <c>traf</c> boxes that continue it.</summary>
internal sealed class TrackReader
{
    private readonly long _fileBytes;
    private readonly List<Mp4Sample> _samples;
    private readonly IReadOnlyList<TrackFormat> _formats;
    private readonly List<Mp4Edit> _edits;
    private readonly uint _timescale;
    private FragmentDefaults _defaults;
    private long _nextDecodeTime;

    private TrackReader(uint id, uint timescale, IReadOnlyList<TrackFormat> formats, List<Mp4Edit> edits, List<Mp4Sample> samples, long fileBytes)
    {
        Id = id;
        _timescale = timescale;
        _formats = formats;
        _edits = edits;
        _samples = samples;
        _fileBytes = fileBytes;
        _nextDecodeTime = samples is [.., var last] ? last.DecodeTime + last.Duration : 0;
    }

    public uint Id { get; }

    public int SampleCount => _samples.Count;

    /// <summary><c>null</c> for a track whose coding Rookery does not know.</summary>
    public static TrackReader? TryCreate(ReadOnlySpan<byte> trak, long fileBytes)
    {
        FieldReader header = new(Box.Find(trak, "tkhd"u8));
        (byte version, _) = header.VersionAndFlags();
        header.Skip(version == 1 ? 16 : 8);
        uint id = header.U32();

        FieldReader media = new(Box.Descend(trak, "mdiamdhd"u8));
        (version, _) = media.VersionAndFlags();
        media.Skip(version == 1 ? 16 : 8);
        uint timescale = media.U32();
        ReadOnlySpan<byte> table = Box.Descend(trak, "mdiaminfstbl"u8);
        if (header.IsShort || media.IsShort || timescale is 0 or > int.MaxValue || table.IsEmpty)
        {
            throw new InvalidDataException("A track lacks its headers.");
        }

        IReadOnlyList<TrackFormat>? formats = SampleEntryReader.Read(Box.Find(table, "stsd"u8), (int)timescale);
        if (formats is null)
        {
            return null;
        }

        List<Mp4Sample> samples = SampleTableReader.Read(table, formats.Count, fileBytes);
        return new TrackReader(id, timescale, formats, ReadEdits(Box.Descend(trak, "edtselst"u8)), samples, fileBytes);
    }

    public void SetDefaults(FragmentDefaults defaults) => _defaults = defaults;

    public void Truncate(int count) => _samples.RemoveRange(count, _samples.Count - count);

    public Mp4FileTrack ToTrack() => new(Id, _timescale, _formats, _edits, _samples);

    /// <summary>Reads the runs of a <c>traf</c> (§8.8.6 to §8.8.12); <c>false</c> when bytes are missing.</summary>
    public bool TryAddFragment(ReadOnlySpan<byte> traf, long moofOffset)
    {
        FieldReader header = new(Box.Find(traf, "tfhd"u8));
        (_, uint flags) = header.VersionAndFlags();
        header.U32(); // track
        long origin = (flags & 0x01) != 0 ? (long)header.U64() : moofOffset;
        FragmentDefaults defaults = new(
            (flags & 0x02) != 0 ? header.U32() : _defaults.Description,
            (flags & 0x08) != 0 ? header.U32() : _defaults.Duration,
            (flags & 0x10) != 0 ? header.U32() : _defaults.Size,
            (flags & 0x20) != 0 ? header.U32() : _defaults.Flags);
        int format = (int)Math.Max(1, defaults.Description) - 1;
        if (header.IsShort || format >= _formats.Count)
        {
            throw new InvalidDataException("A fragment names a sample description that the file does not have, or its header is cut off.");
        }

        FieldReader time = new(Box.Find(traf, "tfdt"u8));
        (byte version, _) = time.VersionAndFlags();
        if (!time.IsShort)
        {
            _nextDecodeTime = (long)time.Versioned(version);
        }

        long dataOffset = origin;
        ReadOnlySpan<byte> rest = traf;
        while (Box.TryNext(ref rest, out Box box))
        {
            if (box.Is("trun"u8) && !TryAddRun(box.Body, origin, ref dataOffset, defaults, format))
            {
                return false;
            }
        }

        return true;
    }

    private bool TryAddRun(ReadOnlySpan<byte> trun, long origin, ref long dataOffset, in FragmentDefaults defaults, int format)
    {
        FieldReader fields = new(trun);
        (_, uint flags) = fields.VersionAndFlags();
        uint count = fields.U32();
        if ((flags & 0x01) != 0)
        {
            dataOffset = origin + fields.I32();
        }

        uint? firstFlags = (flags & 0x04) != 0 ? fields.U32() : null;
        int sampleBytes = 4 * System.Numerics.BitOperations.PopCount(flags & 0xF00);
        bool isTooMany = sampleBytes == 0 ? count > SampleTableReader.MaximumSamples : count > (uint)(fields.Remaining / sampleBytes);
        if (fields.IsShort || isTooMany || _samples.Count + (long)count > SampleTableReader.MaximumSamples)
        {
            throw new InvalidDataException("A fragment run tells of more samples than it holds.");
        }

        for (uint i = 0; i < count; i++)
        {
            uint duration = (flags & 0x100) != 0 ? fields.U32() : defaults.Duration;
            uint size = (flags & 0x200) != 0 ? fields.U32() : defaults.Size;
            uint sampleFlags = (flags & 0x400) != 0 ? fields.U32() : defaults.Flags;
            int offset = (flags & 0x800) != 0 ? fields.I32() : 0;
            sampleFlags = i == 0 && firstFlags is { } first ? first : sampleFlags;
            if (dataOffset < 0 || dataOffset > _fileBytes || size > _fileBytes - dataOffset || size > int.MaxValue)
            {
                return false;
            }

            bool isSync = (sampleFlags & 0x1_0000) == 0;
            _samples.Add(new(_nextDecodeTime, duration, offset, isSync, dataOffset, (int)size, format));
            dataOffset += size;
            _nextDecodeTime += duration;
        }

        return true;
    }

    private static List<Mp4Edit> ReadEdits(ReadOnlySpan<byte> elst)
    {
        FieldReader fields = new(elst);
        (byte version, _) = fields.VersionAndFlags();
        uint count = fields.U32();
        List<Mp4Edit> edits = [];
        int entryBytes = version == 1 ? 20 : 12;
        for (uint i = 0; i < count && fields.Remaining >= entryBytes; i++)
        {
            long duration = (long)fields.Versioned(version);
            long mediaTime = version == 1 ? (long)fields.U64() : fields.I32();
            fields.U32(); // rate
            edits.Add(new(duration, mediaTime));
        }

        return edits;
    }
}
