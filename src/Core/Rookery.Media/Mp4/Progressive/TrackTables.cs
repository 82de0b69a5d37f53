// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Media.Mp4.Progressive;

/// <summary>
/// The sample tables of one track (ISO/IEC 14496-12 §8.6, §8.7), built in the form the file has them: about 5 bytes for each sample of steady video or audio,
/// at most 24.
/// </summary>
internal sealed class TrackTables
{
    private readonly RunLengthTable _durations = new();
    private readonly RunLengthTable _compositionOffsets = new();
    private readonly BoxWriter _sizes = new();
    private readonly BoxWriter _syncSamples = new(64);
    private readonly BoxWriter _chunkMap = new(64);
    private readonly List<long> _chunkOffsets = [];
    private readonly List<TrackFormat> _formats = [];
    private uint _firstSize;
    private bool _areSizesEqual = true;
    private bool _hasNegativeOffset;
    private uint _sampleCount;
    private uint _samplesInChunk;
    private uint _mappedSamples;
    private uint _mappedDescription;
    private uint _description;
    private long _lastDecodeTime;
    private long _end;

    public required uint Timescale { get; init; }

    public IReadOnlyList<TrackFormat> Formats => _formats;

    public uint SampleCount => _sampleCount;

    /// <summary>Decode and presentation time of the first sample on the common timeline.</summary>
    public long FirstDecodeTime { get; private set; }

    public long FirstPresentationTime { get; private set; }

    /// <summary>Where the last sample ends on the common timeline.</summary>
    public long End => Math.Max(_end, FirstPresentationTime);

    public ulong MediaDuration => (ulong)(_end - FirstDecodeTime);

    /// <summary>An upper bound for what <see cref="WriteTo"/> appends beside the sample entries.</summary>
    public long TableBytes =>
        _durations.Bytes + _compositionOffsets.Bytes + _sizes.Length + _syncSamples.Length + _chunkMap.Length + (8L * _chunkOffsets.Count) + 256;

    public void BeginChunk(TrackFormat format, long offsetInMedia)
    {
        FinishChunk();
        int known = _formats.IndexOf(format);
        if (known < 0)
        {
            known = _formats.Count;
            _formats.Add(format);
        }

        _description = (uint)known + 1;
        _chunkOffsets.Add(offsetInMedia);
    }

    public void AddSample(long decodeTime, int compositionOffset, int sizeBytes, bool isSync, uint nominalDuration)
    {
        if (_sampleCount == 0)
        {
            FirstDecodeTime = decodeTime;
            FirstPresentationTime = decodeTime + compositionOffset;
            _firstSize = (uint)sizeBytes;
        }
        else
        {
            _durations.Add((uint)Math.Clamp(decodeTime - _lastDecodeTime, 0, uint.MaxValue));
        }

        _areSizesEqual &= sizeBytes == _firstSize;
        _sizes.U32((uint)sizeBytes);
        _compositionOffsets.Add((uint)compositionOffset);
        _hasNegativeOffset |= compositionOffset < 0;
        _sampleCount++;
        _samplesInChunk++;
        if (isSync)
        {
            _syncSamples.U32(_sampleCount);
        }

        _lastDecodeTime = decodeTime;
        _end = decodeTime + nominalDuration;
    }

    /// <summary>Ends the tables: the last sample gets its nominal duration.</summary>
    public void Finish()
    {
        FinishChunk();
        _durations.Add((uint)(_end - _lastDecodeTime));
    }

    /// <summary>Appends the <c>stbl</c>.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="isWide">Chunk offsets need 64 bits.</param>
    /// <returns>Where the chunk offsets stand, to be given to <see cref="PatchOffsets"/> when the length of the header is known.</returns>
    public int WriteTo(BoxWriter writer, bool isWide)
    {
        int stbl = writer.Begin("stbl"u8);
        MovieBoxes.SampleDescriptions(writer, _formats);
        _durations.WriteTo(writer, "stts"u8, 0);
        if (!_compositionOffsets.IsAllZero)
        {
            _compositionOffsets.WriteTo(writer, "ctts"u8, _hasNegativeOffset ? (byte)1 : (byte)0);
        }

        if (_syncSamples.Length / 4 != _sampleCount)
        {
            Table(writer, "stss"u8, _syncSamples, 4);
        }

        Table(writer, "stsc"u8, _chunkMap, 12);
        int stsz = writer.Begin("stsz"u8, 0, 0);
        writer.U32(_areSizesEqual ? _firstSize : 0);
        writer.U32(_sampleCount);
        if (!_areSizesEqual)
        {
            writer.Bytes(_sizes.Span);
        }

        writer.End(stsz);
        int offsets = writer.Begin(isWide ? "co64"u8 : "stco"u8, 0, 0);
        writer.U32((uint)_chunkOffsets.Count);
        int position = writer.Length;
        writer.Zeros(_chunkOffsets.Count * (isWide ? 8 : 4));
        writer.End(offsets);
        writer.End(stbl);
        return position;
    }

    public void PatchOffsets(BoxWriter writer, int position, bool isWide, long mediaOffset)
    {
        foreach (long offset in _chunkOffsets)
        {
            if (isWide)
            {
                writer.PatchU32(position, (uint)((mediaOffset + offset) >> 32));
                position += 4;
            }

            writer.PatchU32(position, (uint)(mediaOffset + offset));
            position += 4;
        }
    }

    private void FinishChunk()
    {
        if (_chunkOffsets.Count > 0 && (_samplesInChunk != _mappedSamples || _description != _mappedDescription))
        {
            _chunkMap.U32((uint)_chunkOffsets.Count);
            _chunkMap.U32(_samplesInChunk);
            _chunkMap.U32(_description);
            _mappedSamples = _samplesInChunk;
            _mappedDescription = _description;
        }

        _samplesInChunk = 0;
    }

    private static void Table(BoxWriter writer, ReadOnlySpan<byte> type, BoxWriter entries, int entryBytes)
    {
        int box = writer.Begin(type, 0, 0);
        writer.U32((uint)(entries.Length / entryBytes));
        writer.Bytes(entries.Span);
        writer.End(box);
    }
}
