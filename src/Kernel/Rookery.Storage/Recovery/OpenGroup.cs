// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Storage;

/// <summary>A chunk that some superblocks list as open, as all of them together tell it.</summary>
/// <param name="Entry">What they say of the chunk itself; its zone means nothing.</param>
/// <param name="Columns">The columns that are listed; <see cref="ColumnPlace.None"/> for one that is on no disk that is here, or that its superblock says is sealed.</param>
/// <param name="IsVoid">It was given up before its first frame was durable, or freed: nothing of it counts.</param>
internal sealed record OpenGroup(OpenColumn Entry, ColumnPlace[] Columns, bool IsVoid)
{
    public bool IsComplete => !Array.Exists(Columns, static c => c.IsNone);

    /// <summary>The columns that are listed: bit i for column i.</summary>
    public ulong Here => Columns.Select(static (c, i) => c.IsNone ? 0 : 1UL << i).Aggregate(0UL, static (all, bit) => all | bit);

    public ColumnSet Set => new(Entry.Chunk, Entry.Generation, Entry.Layout, Columns);

    /// <summary>All of a pool, the newest first: what was recorded just before the stop is what people look for. Columns that were being rebuilt are not among them.</summary>
    public static IReadOnlyList<OpenGroup> Of(StoreState state)
    {
        var groups = new SortedDictionary<ulong, OpenGroup>();
        foreach (PoolDisk disk in state.Disks.All)
        {
            foreach (OpenColumn entry in disk.Root.Open)
            {
                if (!entry.IsRebuilt)
                {
                    Add(groups, disk, entry);
                }
            }
        }

        foreach (PoolGiveUp giveUp in state.Document.GiveUps)
        {
            if (groups.TryGetValue(giveUp.Generation, out OpenGroup? group))
            {
                groups[giveUp.Generation] = giveUp.Frames == 0 ? group with { IsVoid = true } : group with { Entry = Cut(group.Entry, giveUp.Frames) };
            }
        }

        // Sealed and freed between two superblocks, of which the crash let only some be written: one disk that says so speaks for all, as it does for a sealed chunk.
        foreach (ulong freed in state.Disks.All.SelectMany(d => d.Root.Transitions).Where(t => t.Change == ZoneChange.Freed).Select(t => t.Generation))
        {
            if (groups.TryGetValue(freed, out OpenGroup? group))
            {
                groups[freed] = group with { IsVoid = true };
            }
        }

        return [.. groups.Values.Reverse()];
    }

    private static void Add(SortedDictionary<ulong, OpenGroup> groups, PoolDisk disk, in OpenColumn entry)
    {
        if (!groups.TryGetValue(entry.Generation, out OpenGroup? group))
        {
            group = new OpenGroup(entry, [.. Enumerable.Repeat(ColumnPlace.None, entry.Layout.Columns)], IsVoid: false);
        }
        else if (group.Entry.Layout != entry.Layout)
        {
            // Nothing that a writer says: left alone.
            return;
        }

        group.Columns[entry.Column] = new ColumnPlace(disk.Number, entry.Zone);
        groups[entry.Generation] = group with
        {
            // Of a chunk that any superblock no longer calls opened ahead, a second frame may have been written.
            Entry = Cut(group.Entry, entry.Frames) with { IsAhead = group.Entry.IsAhead && entry.IsAhead },
        };
    }

    /// <summary>The smallest give-up that anyone names counts.</summary>
    private static OpenColumn Cut(in OpenColumn entry, ushort frames) =>
        frames == 0 ? entry : entry with { Frames = entry.Frames == 0 ? frames : Math.Min(entry.Frames, frames) };
}
