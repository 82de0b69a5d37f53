// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Buffers.Binary;

namespace Rookery.Media.Mp4.Reading;

/// <summary>
/// Reads the tables of MP4 and fragmented MP4 files (ISO/IEC 14496-12). Made for clips that the camera farm loops and for tests that compare every access unit,
/// not for playing long files: all samples are listed in memory, 48 bytes each.
/// </summary>
/// <remarks>
/// Whatever the bytes are, the result is a file or an <see cref="InvalidDataException"/> that says what is wrong. A sample that does not lie inside the file is an error;
/// a file cut off in the middle of a fragment ends before that fragment.
/// </remarks>
public static class Mp4Reader
{
    /// <summary>Largest <c>moov</c> or <c>moof</c>, 512 MiB: a day of video with audio has about 40 MiB.</summary>
    private const long MaximumHeaderBytes = 512L << 20;

    /// <summary>Reads the tables of the whole stream.</summary>
    /// <param name="stream">Must be able to seek. Read from its beginning; not disposed.</param>
    /// <exception cref="InvalidDataException">These bytes are no MP4 file, or a damaged one.</exception>
    public static Mp4File Read(Stream stream)
    {
        long length = stream.Length;
        MovieReader? movie = null;
        Span<byte> head = stackalloc byte[16];
        long at = 0;
        while (length - at >= 8)
        {
            (long size, int headBytes) = ReadHead(stream, at, length, head);
            ReadOnlySpan<byte> type = head.Slice(4, 4);
            bool isMovie = type.SequenceEqual("moov"u8);
            bool isFragment = type.SequenceEqual("moof"u8);
            if (size > length - at)
            {
                if (movie is null || isMovie)
                {
                    throw new InvalidDataException($"The box at {at} is longer than the file.");
                }

                break; // the file was cut off; what is before is whole
            }

            if (isMovie && movie is null)
            {
                movie = new MovieReader(Body(stream, at, headBytes, size), length);
            }
            else if (isFragment && movie is not null && !movie.TryAddFragment(Body(stream, at, headBytes, size), at))
            {
                break;
            }

            at += size;
        }

        return movie?.ToFile() ?? throw new InvalidDataException("There is no moov box: this is no MP4 file, or its end is missing.");
    }

    /// <summary>Reads the bytes of one sample.</summary>
    /// <param name="stream">The stream that was read.</param>
    /// <param name="sample">A sample of it.</param>
    /// <param name="destination">At least as long as the sample.</param>
    public static void ReadSample(Stream stream, in Mp4Sample sample, Span<byte> destination)
    {
        stream.Position = sample.OffsetBytes;
        stream.ReadExactly(destination[..sample.SizeBytes]);
    }

    /// <inheritdoc cref="ReadSample(Stream, in Mp4Sample, Span{byte})"/>
    public static byte[] ReadSample(Stream stream, in Mp4Sample sample)
    {
        byte[] bytes = new byte[sample.SizeBytes];
        ReadSample(stream, sample, bytes);
        return bytes;
    }

    private static (long Size, int HeadBytes) ReadHead(Stream stream, long at, long length, Span<byte> head)
    {
        stream.Position = at;
        stream.ReadExactly(head[..8]);
        long size = BinaryPrimitives.ReadUInt32BigEndian(head);
        int headBytes = 8;
        if (size == 1 && length - at >= 16)
        {
            stream.ReadExactly(head[8..]);
            size = BinaryPrimitives.ReadInt64BigEndian(head[8..]);
            headBytes = 16;
        }
        else if (size == 0)
        {
            size = length - at;
        }

        return size >= headBytes ? (size, headBytes) : throw new InvalidDataException($"The box at {at} has an impossible size.");
    }

    private static byte[] Body(Stream stream, long at, int headBytes, long size)
    {
        if (size > MaximumHeaderBytes)
        {
            throw new InvalidDataException($"The header box at {at} has {size} bytes, more than any file needs.");
        }

        byte[] body = new byte[size - headBytes];
        stream.Position = at + headBytes;
        stream.ReadExactly(body);
        return body;
    }
}
