// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>
/// Copies payloads into the data parts of a frame, with the checksums of records and parts computed on the way. A copy that crosses the end of a part is split in two; nothing is copied twice.
/// </summary>
internal ref struct PayloadWriter
{
    private readonly Span<byte> _buffer;
    private readonly int _partBytes;
    private readonly Span<uint> _checksums;
    private readonly Span<int> _lengths;
    private int _part;
    private int _at;
    private uint _pieceChecksum;
    private int _pieceBytes;
    private uint _recordChecksum;
    private int _recordBytes;

    /// <param name="buffer">All parts, one behind another.</param>
    /// <param name="partBytes">Size of each.</param>
    /// <param name="start">Where the payload begins in the first part.</param>
    /// <param name="checksums">One for each data column.</param>
    /// <param name="lengths">One for each data column.</param>
    public PayloadWriter(Span<byte> buffer, int partBytes, int start, Span<uint> checksums, Span<int> lengths)
    {
        _buffer = buffer;
        _partBytes = partBytes;
        _at = start;
        _checksums = checksums;
        _lengths = lengths;
        checksums.Clear();
        lengths.Clear();
        SkipFullPart();
    }

    /// <summary>Where the next byte goes, from the start of the frame's linear content.</summary>
    public readonly int ContentOffset => (_part * (_partBytes - PartHeader.SizeBytes)) + _at - (_part * _partBytes) - PartHeader.SizeBytes;

    /// <summary>Checksum and number of the payload bytes in a part.</summary>
    public readonly (uint Checksum, int Bytes) InPart(int column) => (_checksums[column], _lengths[column]);

    public void Copy(ReadOnlySpan<byte> source)
    {
        while (!source.IsEmpty)
        {
            int count = Math.Min(source.Length, ((_part + 1) * _partBytes) - _at);
            _pieceChecksum = Crc32C.CopyAndAppend(_pieceChecksum, source[..count], _buffer[_at..]);
            _pieceBytes += count;
            _at += count;
            source = source[count..];
            SkipFullPart();
        }
    }

    /// <summary>Ends a record.</summary>
    /// <returns>The checksum of all of its bytes.</returns>
    public uint EndRecord()
    {
        EndPiece();
        uint checksum = _recordChecksum;
        _recordChecksum = 0;
        _recordBytes = 0;
        return checksum;
    }

    /// <summary>Fills what is left of the data parts with zeros.</summary>
    public void Pad(int dataColumns)
    {
        if (_part < dataColumns)
        {
            _buffer[_at..((_part + 1) * _partBytes)].Clear();
        }

        for (int part = _part + 1; part < dataColumns; part++)
        {
            _buffer.Slice(part * _partBytes, _partBytes).Clear();
        }
    }

    private void SkipFullPart()
    {
        if (_at == (_part + 1) * _partBytes)
        {
            EndPiece();
            _part++;
            _at = (_part * _partBytes) + PartHeader.SizeBytes;
        }
    }

    /// <summary>A piece is what of a record lies in one part.</summary>
    private void EndPiece()
    {
        if (_pieceBytes == 0)
        {
            return;
        }

        _recordChecksum = _recordBytes == 0 ? _pieceChecksum : Crc32C.Combine(_recordChecksum, _pieceChecksum, _pieceBytes);
        _recordBytes += _pieceBytes;
        _checksums[_part] = _lengths[_part] == 0 ? _pieceChecksum : Crc32C.Combine(_checksums[_part], _pieceChecksum, _pieceBytes);
        _lengths[_part] += _pieceBytes;
        _pieceChecksum = 0;
        _pieceBytes = 0;
    }
}
