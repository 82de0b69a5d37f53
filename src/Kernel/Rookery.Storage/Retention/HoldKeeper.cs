// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>A record or gap that is to be copied, as it stands in its chunk.</summary>
/// <param name="Entry">Its entry, parsed.</param>
/// <param name="Bytes">Its entry with the sample table.</param>
internal readonly record struct HeldRecord(RecordEntry Entry, ReadOnlyMemory<byte> Bytes);

/// <summary>
/// What the active holds mean for each chunk: how much of it is held, and which records. What cannot be read counts as held. Design: docs/design/storage.md, "Holds".
/// </summary>
/// <remarks>Belongs to the pool's thread; <see cref="Status"/> may be read by any.</remarks>
internal sealed class HoldKeeper
{
    /// <summary>Chunks looked at in one round: two reads each, so some 100 ms of a disk's time in each 10 s.</summary>
    private const int MeasuredInRound = 8;

    /// <summary>Recording is counted as out of room when this part of the pool is left: each class has chunks open, and some zones are kept free.</summary>
    private const int RoomShare = 20;

    private readonly StoreState _state;
    private readonly Dictionary<ulong, HeldPart> _parts = [];
    private readonly HoldForecast _forecast = new();
    private volatile HoldStatus _status;

    public HoldKeeper(StoreState state)
    {
        _state = state;
        _status = new HoldStatus(0, Capacity, Quota, FullIn: null, IsEstimate: state.Holds.Count > 0);
        Active = HoldSet.At(state.Holds, now: null);
    }

    public HoldSet Active { get; private set; }

    /// <summary>Grows with each change of <see cref="Active"/>.</summary>
    public int Version { get; private set; }
    public HoldStatus Status => _status;

    private long Capacity => _state.Disks.All.Sum(d => d.Geometry.ZoneCount * d.Geometry.ZoneBytes);

    private long Quota => Capacity / 100 * _state.Options.HoldQuotaPercent;

    /// <summary>Holds were made or released, or time went on.</summary>
    /// <param name="now">The present; <c>null</c> when no clock can be trusted.</param>
    /// <returns><c>true</c> when something is not held any more.</returns>
    public bool Refresh(WallTime? now)
    {
        HoldSet next = HoldSet.At(_state.Holds, now);
        if (next.Says(Active))
        {
            return false;
        }

        bool isReleased = Active.Active.Except(next.Active, ReferenceEqualityComparer.Instance).Any();
        Active = next;
        Version++;
        _parts.Clear();
        _forecast.Restart();
        return isReleased;
    }

    /// <summary>How much of a sealed chunk is held, without any read; <c>null</c> when that is not known.</summary>
    public HeldPart? Known(Chunk chunk) => !Active.MayHold(chunk.Wall) ? default(HeldPart) : _parts.TryGetValue(chunk.Generation, out HeldPart part) ? part : null;

    /// <summary>How much of a sealed chunk is held. Reads its footer the first time.</summary>
    public HeldPart PartOf(Chunk chunk)
    {
        if (Known(chunk) is { } known)
        {
            return known;
        }

        HeldPart part = HeldPart.Unknown;
        try
        {
            part = Measure(chunk);
        }
        catch (RecordLostException)
        {
            // What it holds of each stream cannot be read now.
        }

        return _parts[chunk.Generation] = part;
    }

    /// <summary>A record that is held could not be read: the chunk stays as it is, for a better day.</summary>
    public void KeepWhole(Chunk chunk) => _parts[chunk.Generation] = HeldPart.Unknown;

    public void Forget(Chunk chunk) => _parts.Remove(chunk.Generation);

    /// <summary>The records of a chunk that are held and not copied yet: a crash between copy and free leaves both.</summary>
    /// <exception cref="RecordLostException">They cannot be read.</exception>
    public List<HeldRecord> ToCopy(Chunk chunk)
    {
        var result = new List<HeldRecord>();
        foreach (StreamDirectory stream in _state.PoolFooters.Tail(chunk).Streams)
        {
            if (Active.Holds(stream.Stream, stream.Wall))
            {
                HashSet<(RecordKind, ulong, uint, WallRange)> copied = Copied(chunk, stream);
                result.AddRange(HeldOf(chunk, stream.Stream).Where(r => !copied.Contains(KeyOf(r.Entry))));
            }
        }

        return result;
    }

    /// <summary>Looks at a few more chunks, and sums up what holds keep.</summary>
    /// <param name="chunks">All sealed chunks, the one written longest ago first: these go first.</param>
    public void Survey(IReadOnlyList<Chunk> chunks)
    {
        long held = 0;
        int touched = 0;
        int measured = 0;
        int left = MeasuredInRound;
        foreach (Chunk chunk in chunks)
        {
            if (!Active.MayHold(chunk.Wall))
            {
                continue;
            }

            touched++;
            HeldPart? part = Known(chunk) ?? (left-- > 0 ? PartOf(chunk) : null);
            if (part is { } known)
            {
                measured++;
                held += RoomOf(chunk, known);
            }
        }

        bool isEstimate = measured < touched;
        held = isEstimate && measured > 0 ? (long)((double)held / measured * touched) : held;
        long capacity = Capacity;
        // While chunks are still being looked at, what comes to light is no growth.
        TimeSpan? fullIn = isEstimate ? null : _forecast.FullIn(MonotonicTime.Now(_state.Clock), held, capacity - (capacity / RoomShare));
        _status = new HoldStatus(held, capacity, Quota, fullIn, isEstimate);
    }

    private long RoomOf(Chunk chunk, HeldPart part) => part switch
    {
        { IsNone: true } => 0,
        { IsSmall: true } => part.HeldBytes / chunk.Layout.DataColumns * chunk.Layout.Columns,
        _ => chunk.Layout.Columns * _state.ZoneBytes,
    };

    private HeldPart Measure(Chunk chunk)
    {
        long held = 0;
        long total = 0;
        foreach (StreamDirectory stream in _state.PoolFooters.Tail(chunk).Streams)
        {
            total += stream.PayloadBytes + stream.EntriesBytes;
            if (Active.Holds(stream.Stream, stream.Wall))
            {
                held += HeldOf(chunk, stream.Stream).Sum(r => (long)r.Entry.PayloadBytes + r.Entry.EntryBytes);
            }
        }

        return new HeldPart(held, total);
    }

    private List<HeldRecord> HeldOf(Chunk chunk, StreamId stream)
    {
        var result = new List<HeldRecord>();
        byte[] entries = _state.PoolFooters.Entries(chunk, stream);
        for (int at = 0; at < entries.Length;)
        {
            if (!RecordEntry.TryParse(entries.AsSpan(at), out RecordEntry entry))
            {
                throw new RecordLostException($"The entries of stream {stream} in chunk {chunk.Id} are damaged.");
            }

            if (Active.Holds(stream, entry.Wall))
            {
                result.Add(new HeldRecord(entry, entries.AsMemory(at, entry.EntryBytes)));
            }

            at += entry.EntryBytes;
        }

        return result;
    }

    /// <summary>What other chunks of copies have of a stream.</summary>
    private HashSet<(RecordKind, ulong, uint, WallRange)> Copied(Chunk source, StreamDirectory stream)
    {
        var result = new HashSet<(RecordKind, ulong, uint, WallRange)>();
        foreach (ChunkReference other in _state.Streams.Find(stream.Stream)?.Chunks(stream.Wall) ?? [])
        {
            if (other.Chunk.Class != RetentionClassId.Held.Value || ReferenceEquals(other.Chunk, source))
            {
                continue;
            }

            byte[] entries = EntriesOf(other.Chunk, stream.Stream);
            for (int at = 0; at < entries.Length && RecordEntry.TryParse(entries.AsSpan(at), out RecordEntry entry); at += entry.EntryBytes)
            {
                result.Add(KeyOf(entry));
            }
        }

        return result;
    }

    private byte[] EntriesOf(Chunk chunk, StreamId stream)
    {
        try
        {
            return chunk.OpenSections?.CopyEntries(stream) ?? _state.PoolFooters.Entries(chunk, stream);
        }
        catch (RecordLostException)
        {
            // Copied once more: whoever reads takes one of two.
            return [];
        }
    }

    private static (RecordKind, ulong, uint, WallRange) KeyOf(in RecordEntry entry) => (entry.Kind, entry.Run, entry.Sequence, entry.Wall);
}
