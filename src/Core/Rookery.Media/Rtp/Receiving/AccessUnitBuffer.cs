// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Media.Rtp;

/// <summary>
/// Where a depacketizer puts an access unit together: at the free end of its current block, so that several units share a block and a byte
/// is copied once. A unit that outgrows the block moves to a larger one.
/// </summary>
/// <remarks>Holds one reference to the current block. Bytes handed out with <see cref="Seal"/> are never touched again.</remarks>
internal sealed class AccessUnitBuffer(BlockPool pool, int blockBytes) : IDisposable
{
    /// <summary>Half of the largest block: an intra picture of 8K video fits, and a camera that never ends a unit stays bounded.</summary>
    public const int MaximumUnitBytes = BlockPool.MaximumBlockBytes / 2;

    private Block? _block;
    private int _start;

    /// <summary>Bytes of the unit so far.</summary>
    public int Length { get; private set; }

    /// <summary>The unit so far; valid until the next append.</summary>
    public Span<byte> Content => _block is null ? default : _block.Span.Slice(_start, Length);

    /// <returns><c>false</c> when there is no memory or the unit is too large; the unit is as before.</returns>
    public bool TryAppend(ReadOnlySpan<byte> bytes)
    {
        if (!TryReserve(bytes.Length, out Span<byte> space))
        {
            return false;
        }

        bytes.CopyTo(space);
        return true;
    }

    /// <summary>Lengthens the unit by <paramref name="count"/> bytes for the caller to fill.</summary>
    public bool TryReserve(int count, out Span<byte> space)
    {
        if ((_block is null || _start + Length + count > _block.Capacity) && !TryMove(count))
        {
            space = default;
            return false;
        }

        space = _block!.Span.Slice(_start + Length, count);
        Length += count;
        return true;
    }

    /// <summary>Cuts the unit.</summary>
    public void Truncate(int length) => Length = length;

    /// <summary>Ends the unit. The slice is covered by this buffer's reference until the next append.</summary>
    public BlockSlice Seal()
    {
        BlockSlice slice = new(_block!, _start, Length);
        _start += Length;
        Length = 0;
        return slice;
    }

    public void Dispose()
    {
        _block?.Release();
        _block = null;
        _start = 0;
        Length = 0;
    }

    private bool TryMove(int count)
    {
        int needed = Length + count;
        // Blocks come in powers of two, so a unit of n bytes is moved log n times at most.
        Block? larger = needed > MaximumUnitBytes ? null : pool.TryRent(Math.Max(blockBytes, needed));
        if (larger is null)
        {
            return false;
        }

        Content.CopyTo(larger.Span);
        _block?.Release();
        _block = larger;
        _start = 0;
        return true;
    }
}
