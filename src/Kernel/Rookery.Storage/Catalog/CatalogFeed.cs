// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Threading.Channels;

namespace Rookery.Storage;

/// <summary>
/// Carries zone changes to the catalog, once the superblock that says so is durable, on a task of its own: the catalog lies on another disk, and its pace is no
/// concern of recording.
/// </summary>
/// <remarks>Fed by the disk's thread, and by recovery. A catalog that falls behind, or fails, is merely stale at the next start.</remarks>
internal sealed class CatalogFeed : IAsyncDisposable
{
    /// <summary>Batches that may wait for the catalog: several minutes of the fastest chunk changes.</summary>
    private const int MaximumWaiting = 256;

    /// <summary>
    /// Transitions that one transaction of the catalog takes: some five chunks. Each transaction is a dozen small writes and a flush, beside recording when the catalog lies on the
    /// same disk; what is not in it yet after a crash costs the next start one read a chunk.
    /// </summary>
    private const ulong TransitionsInOneBatch = 16;

    private readonly Catalog? _catalog;
    private readonly List<CatalogChange> _waiting = [];
    private readonly Channel<Action<Catalog>>? _channel;
    private readonly Task _worker = Task.CompletedTask;
    private ulong _durable;
    private ulong _applied;

    /// <param name="catalog">The catalog, which the feed then owns; <c>null</c> for none.</param>
    /// <param name="durable">The transition up to which the catalog follows the disk.</param>
    /// <param name="hasWorker">Apply on a task; else at once.</param>
    public CatalogFeed(Catalog? catalog, ulong durable, bool hasWorker)
    {
        _catalog = catalog;
        _durable = durable;
        _applied = durable;
        if (catalog is not null && hasWorker)
        {
            _channel = Channel.CreateBounded<Action<Catalog>>(new BoundedChannelOptions(MaximumWaiting) { SingleReader = true });
            _worker = Task.Run(RunAsync);
        }
    }

    public bool HasCatalog => _catalog is not null;

    public void Sealed(ulong transition, Chunk chunk, byte[] tail) => Add(new CatalogChange(transition, chunk.Generation, chunk.Zone, tail));

    public void Freed(ulong transition, Chunk chunk) => Add(new CatalogChange(transition, chunk.Generation, chunk.Zone, Tail: null));

    /// <summary>The superblock on the disk says everything up to <paramref name="transition"/>.</summary>
    public void Durable(ulong transition)
    {
        _durable = transition;
        if (_durable - _applied >= TransitionsInOneBatch)
        {
            Flush();
        }
    }

    /// <summary>Hands on what is durable, however little it is.</summary>
    public void Flush()
    {
        if (_catalog is null || _applied == _durable)
        {
            return;
        }

        var batch = new CatalogBatch(_applied, _durable, _waiting.FindAll(c => c.Transition <= _durable));
        _waiting.RemoveAll(c => c.Transition <= _durable);
        _applied = _durable;
        if (_channel is null)
        {
            _catalog.Apply(batch);
        }
        else
        {
            // A batch that finds no room breaks the chain, and the catalog refuses all after it: stale, never wrong.
            _channel.Writer.TryWrite(catalog => catalog.Apply(batch));
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

/// <summary>A chunk was sealed, or freed (no tail).</summary>
internal sealed record CatalogChange(ulong Transition, ulong Generation, int Zone, byte[]? Tail);

/// <summary>All changes in the transitions <c>(After, UpTo]</c>.</summary>
internal sealed record CatalogBatch(ulong After, ulong UpTo, IReadOnlyList<CatalogChange> Changes);
