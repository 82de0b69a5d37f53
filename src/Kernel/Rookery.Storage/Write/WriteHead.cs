// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>
/// A write head: the runs that share chunks, what of them waits for the next frame, and the chunks they are written to. A stream that goes on is in all chunks of its head, which is what keeps the
/// index small (<see cref="ReferenceRun"/>). Which run is on which head says <see cref="HeadChoice"/>.
/// </summary>
/// <remarks>Belongs to the pool's thread.</remarks>
internal sealed class WriteHead(HeadId id) : IDisposable
{
    /// <summary>Two, the second only while the first is at the disks. None is made before it is needed.</summary>
    private readonly FrameBuffer?[] _buffers = new FrameBuffer?[2];

    public HeadId Id => id;
    public byte Class => id.Class;

    /// <summary>The chunk it writes to; <c>null</c> when it has none now.</summary>
    public OpenChunk? Current { get; set; }

    /// <summary>The chunk after it, opened ahead of need.</summary>
    public OpenChunk? Ahead { get; set; }

    /// <summary>A chunk that recovery found with room left, kept to be gone on with.</summary>
    public OpenChunk? Resumable { get; set; }

    /// <summary>Its runs, in the order of their streams, as they were staged for this commit.</summary>
    public List<StreamAppender> Staged { get; } = [];

    /// <summary>Gaps that wait for a frame.</summary>
    public List<StagedGap> Gaps { get; } = [];

    /// <summary>Since when it has had no runs; <c>null</c> while it has some.</summary>
    public MonotonicTime? EmptySince { get; set; }

    /// <summary>Something waits for a frame.</summary>
    public bool IsWaiting => Gaps.Count > 0 || Staged.Exists(static a => a.Placed < a.StagedCount);

    /// <summary>About what waits.</summary>
    public long WaitingBytes
    {
        get
        {
            long bytes = (long)Gaps.Count * RecordEntry.FixedBytes;
            foreach (StreamAppender appender in Staged)
            {
                for (int i = appender.Placed; i < appender.StagedCount; i++)
                {
                    bytes += appender.Staged[i].Length + SampleTable.MinimumRowBytes;
                }
            }

            return bytes;
        }
    }

    /// <summary>All chunks it keeps open.</summary>
    public IEnumerable<OpenChunk> Open => new[] { Current, Resumable, Ahead }.OfType<OpenChunk>();

    /// <param name="index">0 or 1.</param>
    /// <param name="frameBytes">Most content of a frame.</param>
    public FrameBuffer Buffer(int index, int frameBytes) => _buffers[index] ??= new FrameBuffer(frameBytes);

    /// <summary>Puts as much of what waits into a frame as fits.</summary>
    public void Fill(FrameBuffer frame)
    {
        // Closed up in one pass: after a long failure there may be tens of thousands.
        int placed = 0;
        while (placed < Gaps.Count && FrameBuilder.TryPlace(frame, Gaps[placed]))
        {
            placed++;
        }

        Gaps.RemoveRange(0, placed);
        if (Gaps.Count > 0)
        {
            return;
        }

        foreach (StreamAppender appender in Staged)
        {
            while (appender.Placed < appender.StagedCount)
            {
                if (!FrameBuilder.TryPlace(frame, appender))
                {
                    return;
                }
            }
        }
    }

    /// <summary>A buffer is not to be used any more, and not freed here: somebody else still needs it.</summary>
    public void Withdraw(FrameBuffer buffer)
    {
        for (int i = 0; i < _buffers.Length; i++)
        {
            _buffers[i] = ReferenceEquals(_buffers[i], buffer) ? null : _buffers[i];
        }
    }

    /// <summary>See <see cref="FrameBuffer.Rest"/>.</summary>
    public void Rest() => Array.ForEach(_buffers, static buffer => buffer?.Rest());

    public void Dispose() => Array.ForEach(_buffers, static buffer => buffer?.Dispose());
}

/// <summary>All write heads, in order. Belongs to the pool's thread.</summary>
internal sealed class WriteHeads
{
    private readonly List<WriteHead> _heads = [];

    public IReadOnlyList<WriteHead> All => _heads;

    public WriteHead? Find(HeadId id) => _heads.Find(h => h.Id == id);

    public WriteHead Get(HeadId id)
    {
        if (Find(id) is { } known)
        {
            return known;
        }

        var head = new WriteHead(id);
        int at = _heads.FindIndex(h => id.CompareTo(h.Id) < 0);
        _heads.Insert(at < 0 ? _heads.Count : at, head);
        return head;
    }

    /// <summary>The head that has a chunk as its current one; <c>null</c> when none has.</summary>
    public WriteHead? WithCurrent(OpenChunk chunk) => Find(chunk.Chunk.Head) is { } head && ReferenceEquals(head.Current, chunk) ? head : null;

    public void Remove(WriteHead head)
    {
        _heads.Remove(head);
        head.Dispose();
    }
}
