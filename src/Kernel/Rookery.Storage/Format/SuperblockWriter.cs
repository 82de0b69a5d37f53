// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Numerics;
using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>
/// Writes the four copies of the superblock, in two pairs with a flush after each. A pair is written only while the other one has, durable, the newest state there is; so whatever a
/// crash tears, that state remains.
/// </summary>
/// <remarks>
/// One copy of a pair is enough for that, so a bad spot below the other stops nothing. What stands at the bad spot is then torn, the new state, or an older one. An older one is never
/// the newest while another copy can be read; when none can, <see cref="SuperblockSet.IsOutdated"/> tells. Belongs to the disk's thread; the counts may be read by any.
/// </remarks>
internal sealed class SuperblockWriter(IBlockDevice device, int firstPair) : IDisposable
{
    private const int PairCount = 2;
    private readonly AlignedMemory _buffer = new(Superblock.SizeBytes);
    private int _firstPair = firstPair;
    private volatile int _refused;
    private long _errors;

    /// <summary>Copies that the disk refused to write, since the disk was opened.</summary>
    public long Errors => Interlocked.Read(ref _errors);

    /// <summary>What a person should know when the latest superblock is not in all of its places.</summary>
    public string? Fault => _refused is var refused and not 0
        ? $"{BitOperations.PopCount((uint)refused)} of the {StoreGeometry.SuperblockCopies} superblocks of {device.Name} cannot be written. Recording goes on with the others; replace the disk."
        : null;

    /// <summary>Makes <paramref name="superblock"/> durable, in at least one place of each pair.</summary>
    /// <exception cref="DeviceException">The state on the disk is this one or the one before.</exception>
    public void Write(Superblock superblock)
    {
        superblock.Write(_buffer.GetSpan());
        int refused = 0;
        for (int i = 0; i < PairCount; i++)
        {
            int pair = _firstPair;
            refused |= WritePair(pair);
            device.Flush();
            // On a failure the next try begins with the pair that failed: the other one may be all there is.
            _firstPair = pair ^ 1;
        }

        _firstPair = 0;
        _refused = refused;
    }

    public void Dispose() => ((IDisposable)_buffer).Dispose();

    /// <returns>A bit for each copy that was refused.</returns>
    private int WritePair(int pair)
    {
        int refused = 0;
        for (int copy = pair; copy < StoreGeometry.SuperblockCopies; copy += PairCount)
        {
            try
            {
                device.Write(StoreGeometry.CopyOffset(copy, device.CapacityBytes), _buffer.GetSpan()[..Superblock.SizeBytes]);
            }
            catch (DeviceException)
            {
                Interlocked.Increment(ref _errors);
                if (refused != 0)
                {
                    throw;
                }

                refused = 1 << copy;
            }
        }

        return refused;
    }
}
