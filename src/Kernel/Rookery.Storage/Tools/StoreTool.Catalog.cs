// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Storage;

public static partial class StoreTool
{
    /// <summary>Throws the catalog away and makes it anew from the disk, as a start without a catalog does; verifies and seals what was left open.</summary>
    /// <param name="devices">All disks of a stopped pool. They are opened like at a start, and disposed.</param>
    /// <param name="catalogPath">The catalog's file.</param>
    /// <param name="output">Where a summary goes.</param>
    /// <param name="clock">Time.</param>
    /// <param name="progress">Told after each zone; may be <c>null</c>.</param>
    /// <param name="cancellation">Stops between zones; the catalog counts as stale then.</param>
    /// <exception cref="StoreException">There is no store on the disk.</exception>
    public static async Task RebuildCatalogAsync(
        IReadOnlyList<IBlockDevice> devices, string catalogPath, TextWriter output, TimeProvider clock, IProgress<RebuildProgress>? progress, CancellationToken cancellation)
    {
        foreach (IBlockDevice device in devices)
        {
            SuperblockSet.Found found = SuperblockSet.Read(device);
            if (found.Newest is null)
            {
                foreach (IBlockDevice opened in devices)
                {
                    opened.Dispose();
                }

                throw new StoreException(found.IsBlank ? $"{device.Name} is blank: there is no store on it." : $"{device.Name} holds no store that can be read.");
            }
        }

        Catalog.Delete(catalogPath);
        await using VideoStore store = await VideoStore.OpenAsync(devices, new StoreOptions { CatalogPath = catalogPath }, clock, progress, cancellation);
        await store.Recovered.WaitAsync(cancellation);
        StoreStatus status = store.Status;
        await output.WriteLineAsync($"catalog rebuilt: {store.Streams.Count} streams, {status.CapacityBytes - status.FreeBytes} bytes in use, {status.FreeBytes} bytes free");
    }
}
