// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>A format with its id, made once when a run begins or changes its format.</summary>
internal sealed class FormatBlob(ReadOnlySpan<byte> bytes)
{
    public ReadOnlyMemory<byte> Bytes { get; } = bytes.ToArray();
    public FormatId Id { get; } = FormatEntry.IdOf(bytes);
}

/// <summary>A sample that waits in memory. It holds a reference to its block until it is durable.</summary>
internal readonly record struct StagedSample(
    long DecodeTime, int CompositionOffset, SampleFlags Flags, WallTime Wall, Block Block, int Offset, int Length, FormatBlob Format)
{
    public ReadOnlySpan<byte> Span => Block.Span.Slice(Offset, Length);
}

/// <summary>A gap that waits for the next commit.</summary>
internal readonly record struct StagedGap(StreamId Stream, ulong Epoch, byte Class, Gap Gap);
