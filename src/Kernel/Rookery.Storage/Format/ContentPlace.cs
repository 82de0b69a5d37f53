// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>
/// Where bytes lie in a chunk. A frame's linear content is cut in equal parts, one for each data column, all at the same offset of their zones; so the three numbers say, without any read,
/// which column holds a byte and where.
/// </summary>
/// <param name="FrameOffset">Where the parts of the frame begin, from the start of their zones.</param>
/// <param name="PartBytes">Size of each part, its header included.</param>
/// <param name="ContentOffset">From the start of the frame's linear content.</param>
internal readonly record struct ContentPlace(long FrameOffset, int PartBytes, int ContentOffset)
{
    public int ContentPerColumn => PartBytes - PartHeader.SizeBytes;

    /// <summary>Which data column holds the first byte.</summary>
    public int Column => ContentOffset / ContentPerColumn;

    /// <summary>Where that byte lies in its zone.</summary>
    public long OffsetInZone => FrameOffset + PartHeader.SizeBytes + (ContentOffset % ContentPerColumn);

    /// <summary>Bytes from here to the end of the part.</summary>
    public int LeftInColumn => ContentPerColumn - (ContentOffset % ContentPerColumn);

    public ContentPlace Plus(int bytes) => this with { ContentOffset = ContentOffset + bytes };

    public bool IsValid =>
        FrameOffset >= 0 && FrameOffset % AlignedMemory.Alignment == 0 && PartBytes >= AlignedMemory.Alignment && PartBytes % AlignedMemory.Alignment == 0 && ContentOffset >= 0;
}
