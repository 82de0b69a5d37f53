// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Buffers.Binary;
using System.Security.Cryptography;
using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>Opening: format a blank disk, resume recording at once, recover in the background.</summary>
public sealed partial class VideoStore
{
    /// <summary>
    /// Opens the store on <paramref name="device"/>, formatting it when it is blank. Returns when recording can begin; what the last stop left open becomes visible
    /// when <see cref="Recovered"/> completes.
    /// </summary>
    /// <param name="device">The disk. The store owns it from here on and disposes it, also when opening fails.</param>
    /// <param name="options">How to work.</param>
    /// <param name="clock">Time.</param>
    /// <param name="progress">Told how far a rebuild of the index has come; <c>null</c> for nobody.</param>
    /// <param name="cancellation">Gives up opening.</param>
    /// <exception cref="StoreException">The disk holds something else, is too small, or was made smaller.</exception>
    /// <exception cref="DeviceException">The disk takes no superblock.</exception>
    public static Task<VideoStore> OpenAsync(
        IBlockDevice device, StoreOptions options, TimeProvider clock, IProgress<RebuildProgress>? progress = null, CancellationToken cancellation = default) =>
        options.IsManual
            ? Task.FromResult(Open(device, options, clock, progress, ownsDevice: false))
            : Task.Run(() => Open(device, options, clock, progress, ownsDevice: true), cancellation);

    private static VideoStore Open(IBlockDevice device, StoreOptions options, TimeProvider clock, IProgress<RebuildProgress>? progress, bool ownsDevice)
    {
        StoreState? state = null;
        VideoStore? store = null;
        try
        {
            (Superblock root, int firstPair) = ReadRoot(device, options, clock);
            state = new StoreState(device, root, new SuperblockWriter(device, firstPair), options, clock);
            Catalog? catalog = options.CatalogPath is { } path ? Catalog.Open(path, state.Geometry.ZoneBytes, options.CatalogSegmentChunks) : null;
            var loader = new IndexLoader(state, root);
            CatalogLoader? catalogLoader = catalog is null ? null : loader.TryBegin(catalog);
            state.IsLoading = true;
            if (catalogLoader is null || !TryLoadSome(catalog!, catalogLoader, state))
            {
                catalogLoader = null;
                catalog?.BeginRebuild(root.Disk, root.LastTransition);
                state.IsLoading = !loader.TryLoadEmpty();
                if (!state.IsLoading)
                {
                    catalog?.SetEpoch(state.Ledger.OpenEpoch);
                }
            }

            state.Counters.Recovering = root.Open.Count;
            store = new VideoStore(state, new CatalogFeed(catalog, root.LastTransition, hasWorker: !options.IsManual), ownsDevice);
            store._committer.WriteFirstSuperblock();
            store.Begin(root, loader, state.IsLoading ? catalogLoader : null, progress);
            return store;
        }
        catch
        {
            store?._committer.Dispose();
            state?.Dispose();
            if (ownsDevice)
            {
                device.Dispose();
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

    private void Begin(Superblock root, IndexLoader loader, CatalogLoader? catalogLoader, IProgress<RebuildProgress>? progress)
    {
        _recover = () => RecoverAsync(root, loader, catalogLoader, progress, _stopping.Token);
        if (_thread is not null)
        {
            _thread.Start();
            Recovered = Task.Run(RecoverVisiblyAsync);
        }
    }

    private static (Superblock Root, int FirstPair) ReadRoot(IBlockDevice device, StoreOptions options, TimeProvider clock)
    {
        SuperblockSet.Found found = SuperblockSet.Read(device);
        if (found.Newest is { } newest)
        {
            if (newest.Geometry.CapacityBytes > device.CapacityBytes)
            {
                throw new StoreException(
                    $"{device.Name} has {device.CapacityBytes} bytes, but its store was made for {newest.Geometry.CapacityBytes}. Give it back its size.");
            }

            return found.ValidCopies == StoreGeometry.SuperblockCopies || !SuperblockSet.IsOutdated(device, newest)
                ? (newest, found.FirstPair)
                : throw new StoreException(
                    $"The only superblock of {device.Name} that can be read is older than the footage on it. Recording there would overwrite footage, so the disk is left as it is. Replace it.");
        }

        if (!found.IsBeingFormatted && ForeignContent.Find(device) is { } content)
        {
            throw new StoreException(
                $"{device.Name} is neither blank nor a store that can be read: it holds {content}. Nothing was written. If nothing on it is needed, fill its first and last MiB with zeros and start again.");
        }

        return (Format(device, options, clock), 0);
    }

    private static Superblock Format(IBlockDevice device, StoreOptions options, TimeProvider clock)
    {
        StoreGeometry geometry = StoreGeometry.Choose(device.CapacityBytes, options.ZoneBytes);
        var root = new Superblock
        {
            Sequence = 1,
            Pool = options.Identity ?? Draw(),
            Disk = options.Identity is { } fixedIdentity ? fixedIdentity + 1 : Draw(),
            Geometry = geometry,
            Created = WallTime.Now(clock),
            Written = WallTime.Now(clock),
            OpenEpoch = 0,
            NextChunk = 1,
            NextGeneration = 1,
            Clean = true,
            Spares = [.. Enumerable.Range(0, Math.Min(geometry.ZoneCount, Superblock.MaximumSpares))],
        };
        SuperblockSet.WriteFirst(device, root);
        return root;
    }

    private static UInt128 Draw() => BinaryPrimitives.ReadUInt128LittleEndian(RandomNumberGenerator.GetBytes(16));
}
