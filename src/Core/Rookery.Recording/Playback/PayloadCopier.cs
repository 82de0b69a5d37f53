// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Buffers;
using Rookery.Foundation;
using Rookery.Storage;

namespace Rookery.Recording.Playback;

/// <summary>Bytes of an output: either made here, or stored in a record.</summary>
/// <param name="Bytes">Bytes that were made; empty for stored ones.</param>
/// <param name="Location">The record.</param>
/// <param name="OffsetBytes">In the record's payload.</param>
/// <param name="LengthBytes">How many.</param>
internal readonly record struct OutputPart(ReadOnlyMemory<byte> Bytes, RecordLocation Location, int OffsetBytes, int LengthBytes)
{
    public static OutputPart Made(ReadOnlyMemory<byte> bytes) => new(bytes, default, 0, bytes.Length);

    public static OutputPart Stored(RecordLocation location, int offsetBytes, int lengthBytes) => new(default, location, offsetBytes, lengthBytes);

    public bool IsStored => Bytes.IsEmpty;

    private bool IsWholeRecord => IsStored && OffsetBytes == 0 && LengthBytes == Location.LengthBytes;

    /// <summary>
    /// Joins two whole records that lie side by side in a chunk, as the tracks of one camera do in a commit: one read instead of two, and one checksum over both.
    /// </summary>
    public OutputPart? TryJoin(in OutputPart next)
    {
        RecordLocation first = Location;
        RecordLocation second = next.Location;
        bool areNeighbours = IsWholeRecord && next.IsWholeRecord && first.Chunk == second.Chunk && first.Generation == second.Generation
            && first.FrameOffset == second.FrameOffset && first.ContentOffset + first.LengthBytes == second.ContentOffset && LengthBytes + next.LengthBytes <= PayloadCopier.BufferBytes;
        if (!areNeighbours)
        {
            return null;
        }

        int length = LengthBytes + next.LengthBytes;
        uint checksum = Crc32C.Combine(first.Checksum, second.Checksum, second.LengthBytes);
        return Stored(first with { LengthBytes = length, Checksum = checksum }, 0, length);
    }
}

/// <summary>
/// Copies stored bytes to an output as they are: gathers records into large buffers, several reads at a time, and reads the next buffer while the one before is written.
/// </summary>
internal static class PayloadCopier
{
    /// <summary>Two of these are held during a copy. 2 MiB are about ten records of a 4 Mbit/s camera: enough reads at a time to keep a disk busy.</summary>
    public const int BufferBytes = 2 << 20;

    /// <exception cref="RecordLostException">A record cannot be had. What was written before it is right.</exception>
    public static async Task CopyAsync(IVideoStore store, IEnumerable<OutputPart> parts, Stream destination, CancellationToken cancellation)
    {
        byte[] filling = ArrayPool<byte>.Shared.Rent(BufferBytes);
        byte[] writing = ArrayPool<byte>.Shared.Rent(BufferBytes);
        Task write = Task.CompletedTask;
        List<Task> reads = [];
        try
        {
            Memory<byte> room = filling.AsMemory(0, BufferBytes);
            foreach (OutputPart part in Joined(parts))
            {
                OutputPart rest = part;
                while (rest.LengthBytes > 0)
                {
                    // A record is read in one go wherever it fits, since only then its checksum is verified.
                    bool isSplit = rest.LengthBytes > room.Length && room.Length == BufferBytes;
                    if (rest.LengthBytes > room.Length && !isSplit)
                    {
                        await FlushAsync();
                        continue;
                    }

                    int count = Math.Min(rest.LengthBytes, room.Length);
                    if (rest.IsStored)
                    {
                        reads.Add(store.ReadPayloadAsync(rest.Location, rest.OffsetBytes, room[..count], cancellation).AsTask());
                        rest = rest with { OffsetBytes = rest.OffsetBytes + count, LengthBytes = rest.LengthBytes - count };
                    }
                    else
                    {
                        rest.Bytes[..count].CopyTo(room);
                        rest = rest with { Bytes = rest.Bytes[count..], LengthBytes = rest.LengthBytes - count };
                    }

                    room = room[count..];
                }
            }

            await FlushAsync();
            await write;

            async Task FlushAsync()
            {
                await Task.WhenAll(reads);
                reads.Clear();
                await write;
                int length = BufferBytes - room.Length;
                (filling, writing) = (writing, filling);
                write = destination.WriteAsync(writing.AsMemory(0, length), cancellation).AsTask();
                room = filling.AsMemory(0, BufferBytes);
            }
        }
        finally
        {
            // The buffers go back only when nobody can touch them any more.
            await Task.WhenAll([.. reads, write]).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            ArrayPool<byte>.Shared.Return(filling);
            ArrayPool<byte>.Shared.Return(writing);
        }
    }

    private static IEnumerable<OutputPart> Joined(IEnumerable<OutputPart> parts)
    {
        OutputPart? held = null;
        foreach (OutputPart part in parts)
        {
            OutputPart? joined = held?.TryJoin(part);
            if (joined is null && held is { } whole)
            {
                yield return whole;
            }

            held = joined ?? part;
        }

        if (held is { } last)
        {
            yield return last;
        }
    }
}
