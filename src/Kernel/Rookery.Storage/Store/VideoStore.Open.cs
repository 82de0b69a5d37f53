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
            state.Counters.Notices = pool.Notices;
            Catalog? catalog = options.CatalogPath is { } path ? Catalog.Open(path, state.ZoneBytes, options.CatalogSegmentChunks) : null;
            var loader = new IndexLoader(state);
            CatalogLoader? catalogLoader = catalog is null ? null : loader.TryBegin(catalog);
            state.IsLoading = true;
            if (catalogLoader is null || !TryLoadSome(catalog!, catalogLoader, state))
            {
                catalogLoader = null;
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

            store.Begin(loader, state.IsLoading ? catalogLoader : null, progress);
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

    /// <summary>Loads the beginning of the catalog, which is all of it on a disk of some ten GB: what a start does in a few milliseconds need not be waited for.</summary>
    /// <returns><c>false</c>: it is damaged, and nothing was loaded.</returns>
    private static bool TryLoadSome(Catalog catalog, CatalogLoader loader, StoreState state)
    {
        bool hasAny = false;
        for (int pages = 0; pages < state.Options.CatalogPagesAtOpen; pages++)
        {
            if (loader.Read(catalog) is not { } page)
            {
                if (!loader.IsDamaged)
                {
                    loader.Finish();
                }

                return !loader.IsDamaged || hasAny;
            }

            if (!loader.Apply(page))
            {
                return hasAny;
            }

            hasAny = true;
        }

        return true;
    }

    private void Begin(IndexLoader loader, CatalogLoader? catalogLoader, IProgress<RebuildProgress>? progress)
    {
        IReadOnlyList<OpenGroup> groups = OpenGroup.Of(_state);
        _state.Counters.Recovering = groups.Count;
        _recover = () => RecoverAsync(groups, loader, catalogLoader, progress, _stopping.Token);
        if (_thread is not null)
        {
            _thread.Start();
            Recovered = Task.Run(RecoverVisiblyAsync);
            _keeping = Task.Run(() => _keeper.RunAsync(_stopping.Token));
        }
    }
}
