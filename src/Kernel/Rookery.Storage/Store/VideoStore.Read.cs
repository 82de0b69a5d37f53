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
        Chunk? chunk = _state.Chunks.Find(location.Chunk);
        if (chunk is null || chunk.Generation != location.Generation || !chunk.TryPin())
        {
            throw new RecordLostException($"Chunk {location.Chunk} was freed.");
        }

        try
        {
            if (location.OffsetBytes < 0 || location.OffsetBytes + location.LengthBytes > chunk.DataEnd)
            {
                throw new RecordLostException($"Chunk {location.Chunk} has no durable bytes at {location.OffsetBytes}.");
            }

            await _state.Reader.ReadAsync(
                _state.Geometry.ZoneOffset(chunk.Zone) + location.OffsetBytes + offsetBytes, destination, cancellation);
        }
        catch (DeviceException failure)
        {
            throw new RecordLostException($"The disk {_state.Device.Name} cannot read the record at {location.OffsetBytes} of chunk {location.Chunk}.", failure);
        }
        finally
        {
            chunk.Unpin();
        }

        if (destination.Length == location.LengthBytes && Crc32C.Compute(destination.Span) != location.Checksum)
        {
            throw new RecordLostException($"The record at {location.OffsetBytes} of chunk {location.Chunk} is damaged.");
        }
    }
}
