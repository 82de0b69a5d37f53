// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>Reading payload.</summary>
public sealed partial class VideoStore
{
    public async ValueTask ReadPayloadAsync(RecordLocation location, int offsetBytes, Memory<byte> destination, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offsetBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)offsetBytes + destination.Length, location.LengthBytes);
        Chunk? chunk = _state.Chunks.Find(location.Generation);
        if (chunk is null || !chunk.TryPin())
        {
            throw new RecordLostException($"Chunk {location.Chunk} was freed.");
        }

        try
        {
            if (!location.Place.IsValid || location.FrameOffset + location.PartBytes > chunk.DataEnd)
            {
                throw new RecordLostException($"Chunk {location.Chunk} has no durable bytes at {location.FrameOffset}.");
            }

            AlignedReader threads = _state.ThreadsFor(chunk) ?? throw new RecordLostException($"No disk of chunk {location.Chunk} is here.");
            await threads.RunAsync(() => Read(chunk, location, offsetBytes, destination.Span), cancellation);
        }
        finally
        {
            chunk.Unpin();
        }
    }

    private bool Read(Chunk chunk, in RecordLocation location, int offsetBytes, Span<byte> destination)
    {
        ColumnSet set = ColumnSet.Of(chunk);
        ulong failed = 0;
        bool isWhole = destination.Length == location.LengthBytes
            ? _state.Reader.TryReadVerified(set, location.Place, destination, location.Checksum, out failed)
            : _state.Reader.TryRead(set, location.Place.Plus(offsetBytes), destination, avoid: 0, ref failed);
        if (!isWhole)
        {
            throw new RecordLostException($"The record at {location.FrameOffset} of chunk {location.Chunk} is damaged or cannot be read.");
        }

        _state.CountBad(chunk, failed);

        return true;
    }
}
