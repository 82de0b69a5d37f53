// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>Counts chunks into a <see cref="PoolSurvey"/>.</summary>
internal sealed class PoolSurveyor(StoreState state)
{
    private sealed class DiskCount
    {
        public readonly Dictionary<ChunkLayout, (int Count, long Bytes)> Columns = [];
        public long OnlyHere;
    }

    private sealed class ClassCount(WallTime now)
    {
        public readonly ChunkRate Rate = new(now);
        public int Chunks;
        public long Zones;
        public long Footage;
        public WallTime? Oldest;
        public int? Bears;
    }

    private readonly Dictionary<int, DiskCount> _disks = [];
    private readonly SortedDictionary<byte, ClassCount> _classes = [];
    private readonly HashSet<int> _readable = [];
    private readonly HashSet<int> _leaving = [];
    private int _degraded;
    private int _unreadable;
    private long _bytesToRebuild;
    private long _somewhere;

    public PoolSurvey Survey(long heldBytes, ScrubStatus scrub)
    {
        WallTime now = WallTime.Now(state.Clock);
        IReadOnlyList<PoolMember> members = [.. state.Document.Members.Where(m => m.State != DiskState.Removed)];
        var states = members.ToDictionary(m => m.Number, StateOf);
        _readable.UnionWith(states.Where(s => s.Value is not (DiskState.Failed or DiskState.Missing)).Select(s => s.Key));
        _leaving.UnionWith(states.Where(s => s.Value == DiskState.Draining).Select(s => s.Key));
        foreach (Chunk chunk in state.Chunks.All())
        {
            Count(chunk, now);
        }

        foreach (byte id in state.Classes.All.Select(c => c.Id.Value).Append((byte)0))
        {
            _classes.TryAdd(id, new ClassCount(now));
        }

        return new PoolSurvey
        {
            At = now,
            ZoneBytes = state.ZoneBytes,
            ZonesKeptFree = state.Options.FreeZonesAhead,
            StoreLayout = state.Options.Layout,
            ActiveDisks = state.Options.ActiveDisks,
            Disks = [.. members.Select(m => DiskOf(m, states[m.Number]))],
            Classes = [.. _classes.Select(c => ClassOf(c.Key, c.Value))],
            HeldBytes = heldBytes,
            RebuildBytesPerSecond = state.Options.RebuildBytesPerSecond,
            DegradedChunks = _degraded,
            UnreadableChunks = _unreadable,
            Rebuild = new RebuildStatus(
                state.Counters.ColumnsToRebuild, _bytesToRebuild, state.Counters.ColumnsRebuilt, state.Counters.ChunksWithoutTarget,
                state.Counters.RebuildPace.TimeFor(_bytesToRebuild, MonotonicTime.Now(state.Clock))),
            Scrub = scrub,
        };
    }

    private DiskState StateOf(PoolMember member) => state.Disks.Find(member.Number)?.State ?? (member.State == DiskState.Failed ? DiskState.Failed : DiskState.Missing);

    private void Count(Chunk chunk, WallTime now)
    {
        ColumnPlace[] columns = chunk.Columns;
        long live = chunk.DataEnd + (chunk.State == ChunkState.Sealed ? state.ZoneBytes - chunk.FooterStart : 0);
        int lost = 0;
        int leaving = 0;
        int zones = 0;
        foreach (ColumnPlace place in columns)
        {
            lost += _readable.Contains(place.Disk) ? 0 : 1;
            leaving += _leaving.Contains(place.Disk) ? 1 : 0;
            zones += place.IsNone ? 0 : 1;
        }

        long footage = chunk.DataEnd * chunk.Layout.DataColumns;
        foreach (ColumnPlace place in columns)
        {
            if (!place.IsNone)
            {
                DiskCount disk = CountOf(place.Disk);
                (int count, long bytes) = disk.Columns.GetValueOrDefault(chunk.Layout);
                disk.Columns[chunk.Layout] = (count + 1, bytes + live);
                int others = lost - (_readable.Contains(place.Disk) ? 0 : 1);
                disk.OnlyHere += others >= chunk.Layout.ParityColumns ? footage : 0;
            }
        }

        int bears = chunk.Layout.ParityColumns - lost;
        // Without a catalog nobody knows on which of the missing disks the rest lies.
        _somewhere += bears < 0 && !chunk.IsWhole ? footage : 0;
        _degraded += lost > 0 ? 1 : 0;
        _unreadable += bears < 0 ? 1 : 0;
        _bytesToRebuild += bears < 0 ? 0 : (lost + leaving) * live;
        CountClass(chunk, zones, footage, bears, now);
    }

    private void CountClass(Chunk chunk, int zones, long footage, int bears, WallTime now)
    {
        if (!_classes.TryGetValue(chunk.Class, out ClassCount? c))
        {
            _classes[chunk.Class] = c = new ClassCount(now);
        }

        c.Chunks++;
        c.Zones += zones;
        c.Footage += footage;
        c.Bears = bears < 0 ? c.Bears : Math.Min(c.Bears ?? int.MaxValue, bears);
        WallRange committed = chunk.Committed;
        if (committed != default)
        {
            c.Oldest = c.Oldest is { } oldest ? WallTime.Min(oldest, committed.Start) : committed.Start;
            // A sealed chunk keeps its zones whole, however much is in them.
            c.Rate.Add(committed, (chunk.State == ChunkState.Sealed ? state.ZoneBytes : chunk.DataEnd) * chunk.Layout.DataColumns);
        }
    }

    private DiskCount CountOf(int number) => _disks.TryGetValue(number, out DiskCount? disk) ? disk : _disks[number] = new DiskCount();

    private SurveyedDisk DiskOf(PoolMember member, DiskState itsState)
    {
        PoolDisk? disk = state.Disks.Find(member.Number);
        DiskCount? count = _disks.GetValueOrDefault(member.Number);
        return new SurveyedDisk(
            member.Number, disk?.Name ?? member.Name, itsState, disk?.Geometry.ZoneCount ?? (member.CapacityBytes / state.ZoneBytes), disk is null ? 0 : disk.Ledger.FreeCount + disk.Ledger.AheadCount)
        {
            IsSpare = member.IsSpare == true,
            Columns = count is null ? [] : [.. count.Columns.Select(c => new ColumnsOnDisk(c.Key, c.Value.Count, c.Value.Bytes))],
            OnlyHereBytes = (count?.OnlyHere ?? 0) + (itsState == DiskState.Missing ? _somewhere : 0),
        };
    }

    private SurveyedClass ClassOf(byte id, ClassCount count) =>
        new(state.Classes.All.FirstOrDefault(c => c.Id.Value == id) ?? new RetentionClass(new RetentionClassId(id), null, null))
        {
            Layout = state.LayoutOf(id),
            Chunks = count.Chunks,
            Zones = count.Zones,
            FootageBytes = count.Footage,
            Oldest = count.Oldest,
            Bears = count.Bears,
            RoomPerSecond = count.Rate.PerSecond,
        };
}
