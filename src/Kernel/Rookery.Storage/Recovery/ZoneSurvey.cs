// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>Looks at a zone, by two short reads, and says what lies there.</summary>
/// <param name="state">The store.</param>
/// <param name="isForPool">Looks on the pool's thread, which must never queue behind viewers.</param>
internal sealed class ZoneSurvey(StoreState state, bool isForPool = false)
{
    /// <summary>
    /// Zones of which the last thing that a disk's superblock says is that a chunk left them, and its generation. A zone that was taken since holds what was written then, which may be older: a column that moved
    /// keeps its generation.
    /// </summary>
    private readonly Dictionary<(int Disk, int Zone), ulong> _left = LeftByZone(state);

    /// <summary>Chunks that any superblock says retention freed.</summary>
    private readonly HashSet<ulong> _freed = [.. state.Disks.All.SelectMany(d => d.Root.Transitions).Where(t => t.Change == ZoneChange.Freed).Select(t => t.Generation)];

    /// <summary>What a look at a zone found.</summary>
    internal abstract record Finding(int Zone)
    {
        /// <param name="Zone">The zone.</param>
        /// <param name="FreedElsewhere">The chunk whose column stands there still, and of which only other disks say that retention freed it; 0 for none.</param>
        public sealed record Nothing(int Zone, ulong FreedElsewhere = 0) : Finding(Zone);

        public sealed record Sealed(int Zone, OpenColumn Entry, ulong CommitNumber, WallRange Wall) : Finding(Zone);

        /// <summary>Frames, but no footer of theirs: bit rot took it. The frames are gone through, as after a crash.</summary>
        public sealed record Unsealed(int Zone, OpenColumn Entry) : Finding(Zone);

        /// <summary>The disk does not read there. The zone is left alone: what cannot be read now is not proven to be worthless.</summary>
        public sealed record Unreadable(int Zone) : Finding(Zone);
    }

    /// <param name="disk">The disk.</param>
    /// <param name="zone">The zone.</param>
    /// <param name="believesTrailer"><c>false</c> when the tail proved to be damaged.</param>
    public Finding Look(PoolDisk disk, int zone, bool believesTrailer = true)
    {
        ChunkTrailer? trailer;
        PartHeader first;
        bool hasFrames;
        try
        {
            trailer = believesTrailer ? (isForPool ? state.PoolFooters : state.Footers).ReadTrailer(disk, zone) : null;
            Span<byte> bytes = stackalloc byte[PartHeader.SizeBytes];
            (isForPool ? disk.PoolReader : disk.Reader).Read(disk.Geometry.ZoneOffset(zone), bytes);
            hasFrames = PartHeader.TryParse(bytes, out first) && first.Kind == FrameKind.Data && first.Frame == 0 && first.Disk == disk.Identity && first.Zone == zone;
        }
        catch (DeviceException)
        {
            return new Finding.Unreadable(zone);
        }

        // A freed chunk stays on the disk until its zone is used again, and must not come back.
        ulong left = _left.GetValueOrDefault((disk.Number, zone));
        ulong freedElsewhere = Math.Max(FreedElsewhere(trailer?.Generation ?? 0, left), FreedElsewhere(hasFrames ? first.Generation : 0, left));
        trailer = trailer is { } old && (old.Generation <= left || _freed.Contains(old.Generation)) ? null : trailer;
        hasFrames &= first.Generation > left && !_freed.Contains(first.Generation);

        // A footer older than the frames belongs to the chunk that lay here before.
        if (hasFrames && (trailer is null || trailer.Value.Generation < first.Generation))
        {
            return new Finding.Unsealed(zone, new OpenColumn(zone, default, first.Chunk, first.Generation, Column: first.Column, Layout: first.Layout));
        }

        return trailer is { } t
            ? new Finding.Sealed(zone, new OpenColumn(zone, t.Head, t.Chunk, t.Generation, Column: t.Column, Layout: t.Layout), t.CommitNumber, t.Wall)
            : new Finding.Nothing(zone, freedElsewhere);
    }

    private ulong FreedElsewhere(ulong generation, ulong left) => generation > left && _freed.Contains(generation) ? generation : 0;

    private static Dictionary<(int Disk, int Zone), ulong> LeftByZone(StoreState state)
    {
        var left = new Dictionary<(int, int), ulong>();
        foreach (PoolDisk disk in state.Disks.All)
        {
            foreach (ZoneTransition transition in disk.Root.Transitions)
            {
                if (transition.Change is ZoneChange.Freed or ZoneChange.Dropped)
                {
                    left[(disk.Number, transition.Zone)] = Math.Max(left.GetValueOrDefault((disk.Number, transition.Zone)), transition.Generation);
                }
                else
                {
                    left.Remove((disk.Number, transition.Zone));
                }
            }
        }

        return left;
    }
}
