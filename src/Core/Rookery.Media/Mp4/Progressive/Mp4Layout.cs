// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Media.Mp4.Progressive;

/// <summary>Bytes of a file that lie together in one place.</summary>
/// <param name="Chunk">Which chunk, in the order they were added; <see cref="Header"/> for the bytes before the media data.</param>
/// <param name="OffsetBytes">From the beginning of that chunk, or of the header.</param>
/// <param name="LengthBytes">To its end.</param>
public readonly record struct Mp4Piece(int Chunk, int OffsetBytes, int LengthBytes)
{
    public const int Header = -1;
}

/// <summary>
/// An MP4 file that does not exist: its header, and for every byte behind it the chunk it comes from. Any range can be served without the file ever being made.
/// Immutable; safe for any thread. See docs/formats/mp4.md.
/// </summary>
public sealed class Mp4Layout
{
    private readonly long[] _chunkEnds;

    internal Mp4Layout(byte[] header, long[] chunkEnds, TimeSpan duration)
    {
        Header = header;
        _chunkEnds = chunkEnds;
        Duration = duration;
        LengthBytes = header.Length + (chunkEnds is [.., var end] ? end : 0);
    }

    /// <summary><c>ftyp</c>, <c>moov</c> and the head of <c>mdat</c>.</summary>
    public ReadOnlyMemory<byte> Header { get; }

    /// <summary>Bytes of the whole file.</summary>
    public long LengthBytes { get; }

    /// <summary>What a player shows as the length: the longest track after its edits.</summary>
    public TimeSpan Duration { get; }

    public int ChunkCount => _chunkEnds.Length;

    /// <summary>What lies at <paramref name="offsetBytes"/> of the file, up to the end of that chunk or of the header.</summary>
    /// <param name="offsetBytes">0 up to, not including, <see cref="LengthBytes"/>.</param>
    public Mp4Piece PieceAt(long offsetBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offsetBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(offsetBytes, LengthBytes);
        if (offsetBytes < Header.Length)
        {
            return new(Mp4Piece.Header, (int)offsetBytes, Header.Length - (int)offsetBytes);
        }

        long inMedia = offsetBytes - Header.Length;
        int found = Array.BinarySearch(_chunkEnds, inMedia + 1);
        int chunk = found >= 0 ? found : ~found;
        long start = chunk == 0 ? 0 : _chunkEnds[chunk - 1];
        return new(chunk, (int)(inMedia - start), (int)(_chunkEnds[chunk] - inMedia));
    }
}
