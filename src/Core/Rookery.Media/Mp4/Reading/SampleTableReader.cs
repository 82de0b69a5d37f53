// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Media.Mp4.Reading;

/// <summary>Joins the sample tables of a track (ISO/IEC 14496-12 §8.6, §8.7) to one list.</summary>
internal static class SampleTableReader
{
    /// <summary>50 million samples are two weeks of video with audio; more than that is damage.</summary>
    public const int MaximumSamples = 50_000_000;

    /// <exception cref="InvalidDataException">The tables contradict each other or point outside the file.</exception>
    public static List<Mp4Sample> Read(ReadOnlySpan<byte> stbl, int formatCount, long fileBytes)
    {
        FieldReader sizes = new(Box.Find(stbl, "stsz"u8));
        sizes.Skip(4);
        uint fixedSize = sizes.U32();
        uint count = sizes.U32();
        bool isTooMany = fixedSize == 0 ? count > (uint)(sizes.Remaining / 4) : (ulong)count * fixedSize > (ulong)fileBytes;
        if (sizes.IsShort || isTooMany || count > MaximumSamples)
        {
            throw new InvalidDataException("The table of sample sizes (stsz) is missing or damaged.");
        }

        Durations durations = new(Box.Find(stbl, "stts"u8));
        CompositionOffsets offsets = new(Box.Find(stbl, "ctts"u8));
        SyncSamples syncs = new(Box.Find(stbl, "stss"u8));
        Chunks chunks = new(stbl);
        List<Mp4Sample> samples = new((int)count);
        long decodeTime = 0;
        for (uint i = 0; i < count; i++)
        {
            uint size = fixedSize != 0 ? fixedSize : sizes.U32();
            uint duration = durations.Next();
            (long offset, uint description) = chunks.Next(size);
            if (offset < 0 || offset > fileBytes || size > fileBytes - offset || size > int.MaxValue || description < 1 || description > formatCount)
            {
                throw new InvalidDataException($"Sample {i + 1} lies outside the file, or names a description that is not there.");
            }

            samples.Add(new(decodeTime, duration, offsets.Next(), syncs.Next(i + 1), offset, (int)size, (int)description - 1));
            decodeTime += duration;
        }

        return samples;
    }

    /// <summary><c>stts</c>: runs of equal durations.</summary>
    private ref struct Durations
    {
        private FieldReader _fields;
        private uint _left;
        private uint _value;

        public Durations(ReadOnlySpan<byte> body)
        {
            _fields = new FieldReader(body);
            _fields.Skip(8);
        }

        public uint Next()
        {
            while (_left == 0)
            {
                if (_fields.Remaining < 8)
                {
                    throw new InvalidDataException("The table of durations (stts) ends before the samples do.");
                }

                _left = _fields.U32();
                _value = _fields.U32();
            }

            _left--;
            return _value;
        }
    }

    /// <summary><c>ctts</c>: runs of equal offsets; where it is missing or ends, offsets are 0.</summary>
    private ref struct CompositionOffsets
    {
        private FieldReader _fields;
        private uint _left;
        private int _value;

        public CompositionOffsets(ReadOnlySpan<byte> body)
        {
            _fields = new FieldReader(body);
            _fields.Skip(8);
        }

        public int Next()
        {
            while (_left == 0)
            {
                if (_fields.Remaining < 8)
                {
                    return 0;
                }

                _left = _fields.U32();
                _value = _fields.I32();
            }

            _left--;
            return _value;
        }
    }

    /// <summary><c>stss</c>: numbers of the sync samples; where it is missing every sample is one.</summary>
    private ref struct SyncSamples
    {
        private readonly bool _isPresent;
        private FieldReader _fields;
        private uint _next;

        public SyncSamples(ReadOnlySpan<byte> body)
        {
            _isPresent = !body.IsEmpty;
            _fields = new FieldReader(body);
            _fields.Skip(8);
            _next = _fields.U32();
        }

        public bool Next(uint sample)
        {
            if (!_isPresent)
            {
                return true;
            }

            while (_next < sample && _fields.Remaining >= 4)
            {
                _next = _fields.U32();
            }

            return _next == sample;
        }
    }

    /// <summary><c>stsc</c> with <c>stco</c> or <c>co64</c>: where each sample begins.</summary>
    private ref struct Chunks
    {
        private readonly bool _isWide;
        private FieldReader _offsets;
        private FieldReader _map;
        private uint _chunk;
        private uint _nextMapChunk;
        private uint _samplesPerChunk;
        private uint _nextSamplesPerChunk;
        private uint _description;
        private uint _nextDescription;
        private uint _leftInChunk;
        private long _offset;

        public Chunks(ReadOnlySpan<byte> stbl)
        {
            ReadOnlySpan<byte> wide = Box.Find(stbl, "co64"u8);
            _isWide = !wide.IsEmpty;
            _offsets = new FieldReader(_isWide ? wide : Box.Find(stbl, "stco"u8));
            _offsets.Skip(8);
            _map = new FieldReader(Box.Find(stbl, "stsc"u8));
            _map.Skip(8);
            ReadMap();
        }

        public (long Offset, uint Description) Next(uint size)
        {
            while (_leftInChunk == 0)
            {
                NextChunk();
            }

            _leftInChunk--;
            long offset = _offset;
            _offset += size;
            return (offset, _description);
        }

        private void NextChunk()
        {
            _chunk++;
            if (_chunk == _nextMapChunk)
            {
                _samplesPerChunk = _nextSamplesPerChunk;
                _description = _nextDescription;
                ReadMap();
            }

            if (_samplesPerChunk == 0 || _offsets.Remaining < (_isWide ? 8 : 4))
            {
                throw new InvalidDataException("The tables of chunks (stsc, stco) end before the samples do.");
            }

            _offset = _isWide ? (long)_offsets.U64() : _offsets.U32();
            _leftInChunk = _samplesPerChunk;
        }

        private void ReadMap()
        {
            if (_map.Remaining < 12)
            {
                _nextMapChunk = 0;
                return;
            }

            _nextMapChunk = _map.U32();
            _nextSamplesPerChunk = _map.U32();
            _nextDescription = _map.U32();
        }
    }
}
