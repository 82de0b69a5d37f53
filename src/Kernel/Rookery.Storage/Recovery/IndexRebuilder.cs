// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>
/// Rebuilds the index from the disk alone. Two short reads a zone, at its beginning and its end, tell what lies there; then the tails of sealed chunks are read in the order in
/// which they were written, so that spans join as they did when they were recorded. Frames are read only of a chunk that lost its footer.
/// </summary>
/// <remarks>
/// A zone is free only by proof: it was read and holds nothing of this disk, or the superblock's transitions say that its chunk was freed. Any other is left as it is, unknown to
/// the ledger; and then a catalog must not be believed by the next start, which would take what nobody knows for free.
/// </remarks>
internal sealed class IndexRebuilder(StoreState state, IndexLoader loader)
{
    /// <summary>The newest generation that the superblock says was freed, by zone.</summary>
    private readonly Dictionary<int, ulong> _freed = loader.FreedByZone();

    private volatile bool _hasLeftSomeAlone;

    /// <summary>Every zone is accounted for. Asked when all steps on the disk's thread have run.</summary>
    public bool IsComplete => !_hasLeftSomeAlone;

    /// <summary>What a look at a zone found.</summary>
    private abstract record Finding(int Zone)
    {
        public sealed record Nothing(int Zone) : Finding(Zone);

        public sealed record Sealed(int Zone, ulong Generation, ulong CommitNumber) : Finding(Zone);

        /// <summary>Frames, but no footer of theirs: bit rot took it. The frames are gone through, as after a crash.</summary>
        public sealed record Unsealed(int Zone, OpenChunkEntry Entry) : Finding(Zone);

        /// <summary>The disk does not read there. The zone is left alone: what cannot be read now is not proven to be worthless.</summary>
        public sealed record Unreadable(int Zone) : Finding(Zone);
    }

    /// <param name="onDisksThread">Runs a step that changes the ledger, on the thread that owns it, in order.</param>
    /// <param name="adopt">Takes a chunk that has frames and no footer.</param>
    /// <param name="keep">Is given generation, zone and tail of each sealed chunk, for the catalog.</param>
    /// <param name="progress">Told after each zone; may be <c>null</c>.</param>
    /// <param name="cancellation">Stops between zones.</param>
    public async Task RunAsync(
        Func<Action, ValueTask> onDisksThread, Action<ChunkRecovery.Result> adopt, Func<ulong, int, byte[], ValueTask> keep, IProgress<RebuildProgress>? progress,
        CancellationToken cancellation)
    {
        var found = new List<Finding.Sealed>();
        var damaged = new List<OpenChunkEntry>();
        int zones = state.Geometry.ZoneCount;
        for (int zone = 0; zone < zones; zone++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (state.Ledger.StateOf(zone) == ZoneState.Unknown)
            {
                switch (Look(zone))
                {
                    case Finding.Sealed chunk:
                        found.Add(chunk);
                        await onDisksThread(() => state.Ledger.AddFound(chunk.CommitNumber, chunk.Generation, chunk.Zone));
                        break;
                    case Finding.Unsealed chunk:
                        damaged.Add(chunk.Entry);
                        break;
                    case Finding.Nothing nothing:
                        await onDisksThread(() => state.Ledger.AddFree(nothing.Zone));
                        break;
                    default:
                        int unreadable = zone;
                        await onDisksThread(() => LeaveAlone(unreadable));
                        break;
                }
            }

            progress?.Report(new RebuildProgress(zone + 1, zones));
        }

        found.Sort(static (a, b) => a.Generation.CompareTo(b.Generation));
        foreach (Finding.Sealed chunk in found)
        {
            cancellation.ThrowIfCancellationRequested();
            if (ReadTail(chunk.Zone) is { } read && read.Tail.Trailer.Generation == chunk.Generation)
            {
                await keep(chunk.Generation, chunk.Zone, read.Bytes);
                await onDisksThread(() => AddIfStillThere(read.Tail));
            }
            else
            {
                await onDisksThread(() => state.Ledger.TakeFound(chunk.CommitNumber));
                if (Look(chunk.Zone, believesTrailer: false) is Finding.Unsealed frames)
                {
                    damaged.Add(frames.Entry);
                }
                else
                {
                    await onDisksThread(() => LeaveAlone(chunk.Zone));
                }
            }
        }

        foreach (OpenChunkEntry entry in damaged)
        {
            ChunkRecovery.Result result = ChunkRecovery.Recover(state.Reader, state.Geometry, state.Disk, entry, cancellation);
            if (result.Chunk.FrameCount > 0)
            {
                await onDisksThread(() => AdoptIfRoom(entry, result, adopt));
            }
            else
            {
                await onDisksThread(() => LeaveAlone(entry.Zone));
            }
        }
    }

    private void AddIfStillThere(ChunkTail tail)
    {
        if (state.Ledger.TakeFound(tail.Trailer.CommitNumber))
        {
            loader.AddSealed(tail);
        }
    }

    private void AdoptIfRoom(OpenChunkEntry entry, ChunkRecovery.Result result, Action<ChunkRecovery.Result> adopt)
    {
        // With too many at once the rest waits for the next start; their zones stay untouched.
        if (state.Ledger.TryAdopt(entry))
        {
            // Not gone on with: it was full once, or its zone was never worth it.
            adopt(result with { MayResume = false });
        }
        else
        {
            LeaveAlone(entry.Zone);
        }
    }

    private void LeaveAlone(int zone)
    {
        // A zone that was freed while its chunk waited to be read is accounted for.
        if (state.Ledger.StateOf(zone) == ZoneState.Unknown)
        {
            _hasLeftSomeAlone = true;
            state.Counters.LeaveAlone(state.Device.Name);
        }
    }

    private Finding Look(int zone, bool believesTrailer = true)
    {
        ChunkTrailer? trailer;
        PartHeader first;
        bool hasFrames;
        try
        {
            trailer = believesTrailer ? state.Footers.ReadTrailer(zone) : null;
            Span<byte> bytes = stackalloc byte[PartHeader.SizeBytes];
            state.Reader.Read(state.Geometry.ZoneOffset(zone), bytes);
            hasFrames = PartHeader.TryParse(bytes, out first) && first.Kind == FrameKind.Data && first.Frame == 0 && first.Disk == state.Disk && first.Zone == zone;
        }
        catch (DeviceException)
        {
            return new Finding.Unreadable(zone);
        }

        // A freed chunk stays on the disk until its zone is used again, and must not come back.
        ulong freed = _freed.GetValueOrDefault(zone);
        trailer = trailer?.Generation <= freed ? null : trailer;
        hasFrames &= first.Generation > freed;

        // A footer older than the frames belongs to the chunk that lay here before.
        if (hasFrames && (trailer is null || trailer.Value.Generation < first.Generation))
        {
            return new Finding.Unsealed(zone, new OpenChunkEntry(zone, Class: 0, first.Chunk, first.Generation));
        }

        return trailer is { } t ? new Finding.Sealed(zone, t.Generation, t.CommitNumber) : new Finding.Nothing(zone);
    }

    private (ChunkTail Tail, byte[] Bytes)? ReadTail(int zone)
    {
        try
        {
            return state.Footers.ReadTail(zone);
        }
        catch (DeviceException)
        {
            return null;
        }
    }
}
