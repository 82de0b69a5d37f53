// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Threading.Channels;

namespace Rookery.Storage;

/// <summary>
/// Carries changes of chunks to the catalog, once the superblocks that say so are durable, on a task of its own: the catalog lies on another disk, and its pace is no
/// concern of recording.
/// </summary>
/// <remarks>Fed by the pool's thread, and by recovery. A catalog that falls behind, or fails, is merely stale at the next start.</remarks>
internal sealed class CatalogFeed : IAsyncDisposable
{
    /// <summary>Batches that may wait for the catalog: several minutes of the fastest chunk changes.</summary>
    private const int MaximumWaiting = 256;

    /// <summary>
    /// Transitions of all disks that one transaction of the catalog takes: some five chunks of one column. Each transaction is a dozen small writes and a flush, beside recording when the
    /// catalog lies on the same disk; what is not in it yet after a crash costs the next start one read a column.
    /// </summary>
    private const long TransitionsInOneBatch = 16;

    private readonly Catalog? _catalog;
    private readonly List<CatalogChange> _waiting = [];
    private readonly Dictionary<int, ulong> _durable;
    private readonly Channel<Action<Catalog>>? _channel;
    private readonly Task _worker = Task.CompletedTask;
    private long _unapplied;
    private bool _isBehind;

    /// <param name="catalog">The catalog, which the feed then owns; <c>null</c> for none.</param>
    /// <param name="positions">The transition of each disk up to which the catalog follows it.</param>
    /// <param name="hasWorker">Apply on a task; else at once.</param>
    public CatalogFeed(Catalog? catalog, IReadOnlyDictionary<int, ulong> positions, bool hasWorker)
    {
        _catalog = catalog;
        _durable = positions.ToDictionary();
        if (catalog is not null && hasWorker)
        {
            _channel = Channel.CreateBounded<Action<Catalog>>(new BoundedChannelOptions(MaximumWaiting) { SingleReader = true });
            _worker = Task.Run(RunAsync);
        }
    }

    /// <summary>A chunk was sealed.</summary>
    /// <param name="chunk">The chunk.</param>
    /// <param name="tail">Its tail, of any column.</param>
    /// <param name="transitions">Of each of its disks, the transition that says so.</param>
    public void Sealed(Chunk chunk, byte[] tail, IReadOnlyList<(int Disk, ulong Transition)> transitions) => Add(new CatalogChange(chunk.Generation, chunk.Columns, tail, transitions));

    /// <summary>Columns of a chunk lie elsewhere now.</summary>
    public void Moved(Chunk chunk, IReadOnlyList<(int Disk, ulong Transition)> transitions) => Add(new CatalogChange(chunk.Generation, chunk.Columns, Tail: null, transitions));

    /// <summary>Retention took a chunk.</summary>
    public void Freed(Chunk chunk, IReadOnlyList<(int Disk, ulong Transition)> transitions) => Add(new CatalogChange(chunk.Generation, [], Tail: null, transitions));

    /// <summary>The catalog is not whole: the next start looks at the disks. If it has no time for that now, the next thing that is found says so again.</summary>
    public void Distrust()
    {
        if (_channel is not null)
        {
            _channel.Writer.TryWrite(static catalog => catalog.Distrust());
        }
        else
        {
            _catalog?.Distrust();
        }
    }

    /// <summary>The superblock of a disk says everything up to <paramref name="transition"/>.</summary>
    public void Durable(int disk, ulong transition)
    {
        _unapplied += (long)(transition - _durable.GetValueOrDefault(disk));
        _durable[disk] = transition;
    }

    /// <summary>Hands over what the superblocks on the disks say by now, if it is enough for a transaction.</summary>
    public void Apply()
    {
        if (_unapplied >= TransitionsInOneBatch)
        {
            Flush();
        }
    }

    /// <summary>Hands over what the superblocks on the disks say by now, however little it is.</summary>
    public void Flush()
    {
        if (_catalog is null || _isBehind || (_unapplied == 0 && _waiting.Count == 0))
        {
            return;
        }

        bool IsDurable(CatalogChange change) => change.Transitions.All(t => t.Transition <= _durable.GetValueOrDefault(t.Disk));
        List<CatalogChange> changes = _waiting.FindAll(IsDurable);
        _waiting.RemoveAll(IsDurable);
        _unapplied = 0;
        Dictionary<int, ulong> positions = _durable.ToDictionary();
        foreach ((int disk, ulong transition) in _waiting.SelectMany(c => c.Transitions))
        {
            // A change of several disks counts when all say so; until then the catalog stays before it on each of them.
            positions[disk] = Math.Min(positions.GetValueOrDefault(disk), transition - 1);
        }

        var batch = new CatalogBatch(positions, changes);
        if (_channel is null)
        {
            _catalog.Apply(batch);
        }
        else
        {
            // A batch that finds no room ends the following: stale, never wrong.
            _isBehind = !_channel.Writer.TryWrite(catalog => catalog.Apply(batch));
        }
    }

    /// <summary>A step of rebuilding the catalog; waits for room.</summary>
    public async ValueTask RebuildAsync(Action<Catalog> step, CancellationToken cancellation)
    {
        if (_channel is not null)
        {
            await _channel.Writer.WriteAsync(step, cancellation);
        }
        else if (_catalog is not null)
        {
            step(_catalog);
        }
    }

    /// <summary>Reads from the catalog, in turn with what is written to it.</summary>
    public async Task<T> ReadAsync<T>(Func<Catalog, T> read, CancellationToken cancellation)
    {
        var result = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        await RebuildAsync(
            catalog =>
            {
                try
                {
                    result.SetResult(read(catalog));
                }
                catch (Exception error)
                {
                    // Whoever waits gets it; the task goes on.
                    result.SetException(error);
                }
            }, cancellation);
        return await result.Task.WaitAsync(cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        _channel?.Writer.Complete();
        await _worker;
        _catalog?.Dispose();
    }

    private void Add(CatalogChange change)
    {
        if (_catalog is not null)
        {
            _waiting.Add(change);
        }
    }

    private async Task RunAsync()
    {
        await foreach (Action<Catalog> step in _channel!.Reader.ReadAllAsync())
        {
            step(_catalog!);
        }
    }
}

/// <summary>What became of a chunk.</summary>
/// <param name="Generation">The chunk.</param>
/// <param name="Columns">Where its columns lie; empty when it was freed.</param>
/// <param name="Tail">Its tail when it is new; <c>null</c> when it is known.</param>
/// <param name="Transitions">Of each of its disks, the transition with which that became true.</param>
internal sealed record CatalogChange(ulong Generation, ColumnPlace[] Columns, byte[]? Tail, IReadOnlyList<(int Disk, ulong Transition)> Transitions);

/// <summary>Changes, and how far each disk is followed with them.</summary>
internal sealed record CatalogBatch(IReadOnlyDictionary<int, ulong> Positions, IReadOnlyList<CatalogChange> Changes);
