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
            Reader = new AlignedReader(device, slots: 1, isInline: true);
            Footers = new FooterReader(Reader, Root.Geometry, Root.Disk, new FooterCache(64 << 10));
        }

        public Superblock Root { get; }
        public int ValidCopies { get; }
        public AlignedReader Reader { get; }
        public FooterReader Footers { get; }

        /// <summary>What lies in a zone by its own words.</summary>
        public ZoneFinding Look(int zone)
        {
            try
            {
                ChunkTrailer? trailer = Footers.ReadTrailer(zone);
                Span<byte> bytes = stackalloc byte[PartHeader.SizeBytes];
                Reader.Read(Root.Geometry.ZoneOffset(zone), bytes);
                bool hasFrames = PartHeader.TryParse(bytes, out PartHeader first) && first.Disk == Root.Disk && first.Zone == zone && first.Kind == FrameKind.Data;
                OpenChunkEntry? open = Root.Open.Where(o => o.Zone == zone).Select(o => (OpenChunkEntry?)o).FirstOrDefault();
                if (open is not null)
                {
                    return new ZoneFinding(ZoneContent.Open, open.Value.Chunk, open.Value.Generation, null);
                }

                if (Root.Spares.Contains(zone))
                {
                    return new ZoneFinding(ZoneContent.Free, 0, 0, null);
                }

                if (trailer is { } t && (!hasFrames || first.Generation <= t.Generation))
                {
                    return new ZoneFinding(ZoneContent.Sealed, t.Chunk, t.Generation, t);
                }

                return hasFrames ? new ZoneFinding(ZoneContent.WithoutFooter, first.Chunk, first.Generation, null) : new ZoneFinding(ZoneContent.Free, 0, 0, null);
            }
            catch (DeviceException)
            {
                return new ZoneFinding(ZoneContent.Unreadable, 0, 0, null);
            }
        }

        public FrameWalker Walk(int zone, in ZoneFinding finding) =>
            new(Reader, Root.Geometry, Root.Disk, zone, finding.Chunk, finding.Generation);

        public void Dispose() => Reader.Dispose();
    }

    private enum ZoneContent
    {
        Free,
        Sealed,
        Open,
        WithoutFooter,
        Unreadable,
    }

    private readonly record struct ZoneFinding(ZoneContent Content, ulong Chunk, ulong Generation, ChunkTrailer? Trailer);
}
