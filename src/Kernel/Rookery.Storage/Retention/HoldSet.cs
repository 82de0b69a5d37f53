// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>The holds that are active at one time, and what they cover. Pure and immutable.</summary>
internal sealed class HoldSet
{
    public static readonly HoldSet None = new([]);

    private readonly IReadOnlyList<Hold> _active;

    private HoldSet(IReadOnlyList<Hold> active) => _active = active;

    /// <param name="holds">All holds.</param>
    /// <param name="now">The present; <c>null</c> when no clock can be trusted: no hold ends then.</param>
    public static HoldSet At(IReadOnlyList<Hold> holds, WallTime? now)
    {
        List<Hold> active = [.. holds.Where(h => h.Until is not { } until || now is not { } present || present < until)];
        return active.Count == 0 ? None : new HoldSet(active);
    }

    public bool IsEmpty => _active.Count == 0;
    public IReadOnlyList<Hold> Active => _active;

    /// <summary>Something in a time may be held. <c>false</c> is certain.</summary>
    public bool MayHold(WallRange wall)
    {
        foreach (Hold hold in _active)
        {
            if (hold.Range.Overlaps(wall))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Footage of a stream in a time is held, in whole or in part.</summary>
    public bool Holds(StreamId stream, WallRange wall)
    {
        foreach (Hold hold in _active)
        {
            if (hold.Covers(stream, wall))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>How much of a time of a stream is held at most, as a share of it: an estimate of bytes before any record is looked at.</summary>
    public double Share(StreamId stream, WallRange wall)
    {
        if (wall.IsEmpty)
        {
            return Holds(stream, wall) ? 1 : 0;
        }

        double held = 0;
        foreach (Hold hold in _active)
        {
            held += hold.Covers(stream, wall) ? hold.Range.Intersect(wall).Duration / wall.Duration : 0;
        }

        return Math.Min(1, held);
    }

    /// <summary>Both say the same of all footage.</summary>
    public bool Says(HoldSet other) => _active.SequenceEqual(other._active, ReferenceEqualityComparer.Instance);
}

/// <summary>How much of a chunk is held.</summary>
/// <param name="HeldBytes">Payload and entries of records that are held.</param>
/// <param name="TotalBytes">Of all of its records.</param>
internal readonly record struct HeldPart(long HeldBytes, long TotalBytes)
{
    /// <summary>A chunk of which less than this part is held is given up, and what is held is copied: it frees at least three zones for each that it fills.</summary>
    public const int SmallPart = 4;

    /// <summary>It cannot be told, or not be read: all of it counts as held.</summary>
    public static readonly HeldPart Unknown = new(1, 1);

    public bool IsNone => HeldBytes == 0;
    public bool IsSmall => !IsNone && HeldBytes < TotalBytes / SmallPart;
}
