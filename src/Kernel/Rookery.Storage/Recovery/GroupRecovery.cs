// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>
/// Finds out what a chunk that some superblocks list as open has become. Usually it is walked. But when a part of its disks has already said that it is sealed, then it is: every tail is
/// durable before the first superblock says so. When disks are away, that is seen by the footers of the others, which then are all whole; if one is not, the chunk was just being sealed, and is
/// walked and sealed again in the same place.
/// </summary>
internal sealed class GroupRecovery(StoreState state)
{
    /// <summary>What a group turned out to be.</summary>
    /// <param name="Group">The group.</param>
    /// <param name="Walked">The chunk as its frames tell it; <c>null</c> when it is sealed, or void.</param>
    /// <param name="Sealed">The columns whose footer is whole, when the chunk is sealed: bit i for column i.</param>
    /// <param name="Tail">The tail of the sealed chunk.</param>
    public readonly record struct Outcome(OpenGroup Group, ChunkRecovery.Result? Walked, ulong Sealed, (ChunkTail Tail, byte[] Bytes)? Tail);

    /// <summary>Reads only; what follows from it is done by the pool's thread.</summary>
    public Outcome Recover(OpenGroup group, CancellationToken cancellation)
    {
        if (group.IsVoid)
        {
            return new Outcome(group, Walked: null, Sealed: 0, Tail: null);
        }

        bool isKnown = state.Chunks.Find(group.Entry.Generation) is not null;
        if ((isKnown || !group.IsComplete) && SealedColumns(group, out (ChunkTail, byte[])? tail) is var whole && (isKnown || whole == group.Here))
        {
            return new Outcome(group, Walked: null, whole, tail);
        }

        if (group.Columns.Count(static c => !c.IsNone) < group.Entry.Layout.DataColumns)
        {
            // Too many of its disks are away to tell a frame that is whole from a torn one. It stays as it is until they are back.
            var unknown = new Chunk(group.Entry.Chunk, group.Entry.Generation, group.Entry.Head, group.Entry.Layout, group.Columns);
            return new Outcome(group, new ChunkRecovery.Result(unknown, [], MayResume: false, BadColumns: 0, TornColumns: 0, IsComplete: false), Sealed: 0, Tail: null);
        }

        ChunkRecovery.Result walked = new ChunkRecovery(state.Disks, state.Reader, state.ZoneBytes)
            .Recover(group.Set, group.Entry.Head, group.Entry.Frames, group.Entry.IsAhead, cancellation);
        return new Outcome(group, walked, Sealed: 0, Tail: null);
    }

    private ulong SealedColumns(OpenGroup group, out (ChunkTail Tail, byte[] Bytes)? tail)
    {
        tail = null;
        ulong whole = 0;
        for (int column = 0; column < group.Columns.Length; column++)
        {
            ColumnPlace place = group.Columns[column];
            try
            {
                if (!place.IsNone && state.Disks.Find(place.Disk) is { } disk && state.Footers.ReadTail(disk, place.Zone) is { } read
                    && read.Tail.Trailer.Generation == group.Entry.Generation && IsIndexWhole(group, column, read.Tail.Trailer))
                {
                    whole |= 1UL << column;
                    tail ??= read;
                }
            }
            catch (DeviceException)
            {
                // Counts as not whole: it is rebuilt.
            }
        }

        return whole;
    }

    private bool IsIndexWhole(OpenGroup group, int column, in ChunkTrailer trailer)
    {
        byte[] part = new byte[trailer.IndexPartBytes(state.ZoneBytes)];
        return state.Reader.TryReadColumn(group.Set, column, trailer.FooterStart, part) && PartHeader.TryParse(part, out PartHeader header)
            && header.Kind == FrameKind.Index && header.Generation == group.Entry.Generation && header.IsWhole(part);
    }
}
