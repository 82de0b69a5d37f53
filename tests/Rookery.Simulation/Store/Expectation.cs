// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Simulation;

/// <summary>What a store is measured by when it is judged.</summary>
internal sealed record Expectation
{
    /// <summary>How much may be missing of everything.</summary>
    public Losses Losses { get; init; }

    /// <summary>The store is running: what is not acknowledged must not be seen at all.</summary>
    public bool OnlyAcknowledged { get; init; }

    /// <summary>Chunks that must be there when anything was freed.</summary>
    public required int FewestChunks { get; init; }

    /// <summary>The chunk written longest ago goes first, over all disks: so it is where every chunk lies on all of them, or they are equal.</summary>
    public bool FreesInOrder { get; init; } = true;

    /// <summary>Gaps have no name of their own, so nobody can say in which chunk they were: <c>false</c> where chunks may be lost.</summary>
    public bool KeepsGaps { get; init; } = true;

    /// <summary>Samples, by stream and decode time, of chunks that have lost more columns than their layout bears.</summary>
    public Func<ulong, long, bool>? IsBeyondRepair { get; init; }

    /// <summary>Samples that retention had taken when the pool was judged before: they are not asked for again.</summary>
    public IReadOnlySet<(ulong Stream, long DecodeTime)>? Freed { get; init; }

    public bool MayMiss(ulong stream, long decodeTime) => Losses == Losses.Damage || IsBeyondRepair?.Invoke(stream, decodeTime) == true || Freed?.Contains((stream, decodeTime)) == true;
}
