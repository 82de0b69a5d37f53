// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Simulation;

/// <summary>Something that changed a simulated disk, or made its changes durable, in the order in which the disk took it.</summary>
public abstract record DiskEvent
{
    private DiskEvent()
    {
    }

    /// <summary>Pages that went into the cache. Pages of one write follow each other unless a fault scattered them.</summary>
    public sealed record Write(IReadOnlyList<PageWrite> Pages) : DiskEvent;

    /// <summary>A flush that returned: everything before it is durable.</summary>
    public sealed record Flush : DiskEvent;

    /// <summary>A bit that turned over on the medium itself.</summary>
    public sealed record Rot(long OffsetBytes, int Bit) : DiskEvent;
}

/// <summary>One page of a write; <paramref name="Bytes"/> is never changed afterwards.</summary>
public readonly record struct PageWrite(int Page, byte[] Bytes);
