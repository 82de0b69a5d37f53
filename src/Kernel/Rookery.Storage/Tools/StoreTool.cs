// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>
/// What <c>rookery store check|inspect|rebuild-catalog</c> do, on a store that is not running: the caller opens the device exclusively, and keeps it.
/// </summary>
/// <remarks>Check and inspect only read. <see cref="RebuildCatalogAsync"/> opens the store as a start does: it writes the catalog and superblocks, seals what was left open, and retention holds.</remarks>
public static partial class StoreTool
{
    /// <summary>The parts of a stopped disk that every tool needs.</summary>
    private sealed class StoppedDisk : IDisposable
    {
        public StoppedDisk(IBlockDevice device)
        {
            SuperblockSet.Found found = SuperblockSet.Read(device);
            Root = found.Newest ?? throw new StoreException(found.IsBlank ? $"{device.Name} is blank: there is no store on it." : $"{device.Name} holds no store that can be read.");
            if (Root.Geometry.CapacityBytes > device.CapacityBytes)
            {
                throw new StoreException($"{device.Name} has {device.CapacityBytes} bytes, but its store was made for {Root.Geometry.CapacityBytes}.");
            }

            ValidCopies = found.ValidCopies;
            Document = PoolDocumentSet.Read(device)?.Document;
            Disk = new PoolDisk(device, Root, DiskState.Online, firstPair: 0, new PoolNumbers([Root], drawn: 0), new StoreOptions { IsManual = true });
            Disks = new DiskSet([Disk], TimeProvider.System, new StoreOptions().LongestDiskJob);
            Reader = Disk.Reader;
            Chunks = new ChunkReader(Disks, isForPool: false);
            Footers = new FooterReader(Disks, Chunks, Root.Geometry.ZoneBytes, new FooterCache(64 << 10), isForPool: false);
        }

        public Superblock Root { get; }
        public PoolDocument? Document { get; }
        public int ValidCopies { get; }
        public PoolDisk Disk { get; }
        public DiskSet Disks { get; }
        public AlignedReader Reader { get; }
        public ChunkReader Chunks { get; }
        public FooterReader Footers { get; }

        /// <summary>What lies in a zone by its own words.</summary>
        public ZoneFinding Look(int zone)
        {
            try
            {
                ChunkTrailer? trailer = Footers.ReadTrailer(Disk, zone);
                Span<byte> bytes = stackalloc byte[PartHeader.SizeBytes];
                Reader.Read(Root.Geometry.ZoneOffset(zone), bytes);
                bool hasFrames = PartHeader.TryParse(bytes, out PartHeader first) && first.Disk == Root.Disk && first.Zone == zone && first.Kind == FrameKind.Data;
                OpenColumn? open = Root.Open.Where(o => o.Zone == zone).Select(o => (OpenColumn?)o).FirstOrDefault();
                if (open is not null)
                {
                    return new ZoneFinding(ZoneContent.Open, open.Value, null);
                }

                if (Root.Spares.Contains(zone))
                {
                    return new ZoneFinding(ZoneContent.Free, default, null);
                }

                if (trailer is { } t && (!hasFrames || first.Generation <= t.Generation))
                {
                    return new ZoneFinding(ZoneContent.Sealed, new OpenColumn(zone, t.Head, t.Chunk, t.Generation, Column: t.Column, Layout: t.Layout), t);
                }

                return hasFrames
                    ? new ZoneFinding(ZoneContent.WithoutFooter, new OpenColumn(zone, default, first.Chunk, first.Generation, Column: first.Column, Layout: first.Layout), null)
                    : new ZoneFinding(ZoneContent.Free, default, null);
            }
            catch (DeviceException)
            {
                return new ZoneFinding(ZoneContent.Unreadable, default, null);
            }
        }

        /// <summary>Goes through the parts of the column that lies in a zone.</summary>
        public PartWalker WalkParts(in ZoneFinding finding) => new(Reader, Disk, finding.Column);

        /// <summary>Goes through the frames of the chunk whose column lies in a zone, as far as this disk alone tells them.</summary>
        public FrameWalker WalkFrames(in ZoneFinding finding)
        {
            ColumnPlace[] places = [.. Enumerable.Repeat(ColumnPlace.None, finding.Column.Layout.Columns)];
            places[finding.Column.Column] = new ColumnPlace(Disk.Number, finding.Column.Zone);
            return new FrameWalker(Disks, Chunks, new ColumnSet(finding.Column.Chunk, finding.Column.Generation, finding.Column.Layout, places), Root.Geometry.ZoneBytes);
        }

        public void Dispose() => Disk.Dispose();
    }

    private enum ZoneContent
    {
        Free,
        Sealed,
        Open,
        WithoutFooter,
        Unreadable,
    }

    private readonly record struct ZoneFinding(ZoneContent Content, OpenColumn Column, ChunkTrailer? Trailer)
    {
        public ulong Chunk => Column.Chunk;
    }
}
