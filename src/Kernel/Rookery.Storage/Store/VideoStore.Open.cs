// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Storage;

/// <summary>Opening: format blank disks, resume recording at once, recover in the background.</summary>
public sealed partial class VideoStore
{
    /// <summary>Opens the store on one disk; see the other overload.</summary>
    public static Task<VideoStore> OpenAsync(
        IBlockDevice device, StoreOptions options, TimeProvider clock, IProgress<RebuildProgress>? progress = null, CancellationToken cancellation = default) =>
        OpenAsync([device], options, clock, progress, cancellation);

    /// <summary>
    /// Opens the pool on <paramref name="disks"/>, formatting them when all are blank. Returns when recording can begin; what the last stop left open becomes visible
    /// when <see cref="Recovered"/> completes. A pool opens as long as one of its disks is here; <see cref="StoreStatus.Fault"/> says what is missing.
    /// </summary>
    /// <param name="disks">The disks, in any order. The store owns them from here on and disposes them, also when opening fails.</param>
    /// <param name="options">How to work.</param>
    /// <param name="clock">Time.</param>
    /// <param name="progress">Told how far a rebuild of the index has come; <c>null</c> for nobody.</param>
    /// <param name="cancellation">Gives up opening.</param>
    /// <exception cref="StoreException">A disk holds something else, is too small, was made smaller, or is of another pool.</exception>
    /// <exception cref="DeviceException">No disk takes a superblock.</exception>
    public static Task<VideoStore> OpenAsync(
        IReadOnlyList<IBlockDevice> disks, StoreOptions options, TimeProvider clock, IProgress<RebuildProgress>? progress = null, CancellationToken cancellation = default) =>
        options.IsManual
            ? Task.FromResult(Open(disks, options, clock, progress, ownsDevices: false))
            : Task.Run(() => Open(disks, options, clock, progress, ownsDevices: true), cancellation);

    private static VideoStore Open(IReadOnlyList<IBlockDevice> devices, StoreOptions options, TimeProvider clock, IProgress<RebuildProgress>? progress, bool ownsDevices)
    {
        StoreState? state = null;
        VideoStore? store = null;
        try
        {
            PoolContent pool = new PoolOpening(options, clock).Open(devices);
            state = new StoreState(pool, options, clock);
            state.Counters.Notice = pool.Notices.Count == 0 ? null : string.Join(" ", pool.Notices);
            Catalog? catalog = options.CatalogPath is { } path ? Catalog.Open(path) : null;
            var loader = new IndexLoader(state);
            if (catalog is null || !loader.TryLoad(catalog))
            {
                catalog?.BeginRebuild(state.Pool, loader.Positions());
                state.IsLoading = !loader.TryLoadEmpty();
                if (!state.IsLoading)
                {
                    catalog?.SetEpoch(state.Numbers.OpenEpoch);
                }
            }

            store = new VideoStore(state, new CatalogFeed(catalog, loader.Positions(), hasWorker: !options.IsManual), ownsDevices);
            store._committer.WriteFirstSuperblocks(pool.IsDocumentNew);
            if (ownsDevices)
            {
                foreach (IBlockDevice refused in pool.Refused)
                {
                    refused.Dispose();
                }
            }

            store.Begin(loader, progress);
            return store;
        }
        catch
        {
            store?._committer.Dispose();
            state?.Dispose();
            if (ownsDevices)
            {
                foreach (IBlockDevice device in devices)
                {
                    device.Dispose();
                }
            }

            throw;
        }
    }

    private void Begin(IndexLoader loader, IProgress<RebuildProgress>? progress)
    {
        IReadOnlyList<OpenGroup> groups = OpenGroup.Of(_state);
        _state.Counters.Recovering = groups.Count;
        _recover = () => RecoverAsync(groups, loader, progress, _stopping.Token);
        if (_thread is not null)
        {
            _thread.Start();
            Recovered = Task.Run(RecoverVisiblyAsync);
            _keeping = Task.Run(() => _keeper.RunAsync(_stopping.Token));
        }
    }
}
