// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Globalization;
using Rookery.Foundation;

namespace Rookery.Storage;

public static partial class StoreTool
{
    /// <summary>Prints the superblock, and one line for each chunk.</summary>
    /// <param name="device">The disk of a stopped store; stays open.</param>
    /// <param name="output">Where it goes.</param>
    /// <param name="cancellation">Stops between zones.</param>
    /// <exception cref="StoreException">There is no store on the disk.</exception>
    public static void Inspect(IBlockDevice device, TextWriter output, CancellationToken cancellation)
    {
        using var disk = new StoppedDisk(device);
        Superblock root = disk.Root;
        output.WriteLine($"device        {device.Name}, {device.CapacityBytes} bytes");
        output.WriteLine($"pool          {root.Pool.ToString("x32", CultureInfo.InvariantCulture)}");
        output.WriteLine($"disk          number {root.Number}, {root.Disk.ToString("x32", CultureInfo.InvariantCulture)}");
        output.WriteLine($"superblock    sequence {root.Sequence}, {disk.ValidCopies} of {StoreGeometry.SuperblockCopies} copies valid, written {root.Written}");
        output.WriteLine($"created       {root.Created}");
        output.WriteLine($"closed        {(root.Clean ? "in order" : "not: the next start verifies what is open")}");
        output.WriteLine($"open epoch    {root.OpenEpoch}");
        output.WriteLine($"next chunk    {root.NextChunk}, next generation {root.NextGeneration}, last transition {root.LastTransition}");
        output.WriteLine($"zones         {root.Geometry.ZoneCount} of {root.Geometry.ZoneBytes} bytes");
        foreach (PoolMember m in disk.Document?.Members ?? [])
        {
            output.WriteLine($"member {m.Number,-7}{m.Identity} {m.State} {m.CapacityBytes} bytes {m.Name}{(m.Id == root.Disk ? " (this disk)" : "")}");
        }

        foreach (RetentionClass c in (disk.Document?.Classes ?? []).Select(c => c.ToClass()))
        {
            output.WriteLine($"class {c.Id.Value,-8}{(c.MaximumAge is { } age ? $"at most {age.TotalDays:0.##} days" : "until the space is needed")}{(c.MaximumBytes is { } b ? $", at most {b} bytes" : "")}");
        }

        output.WriteLine();
        output.WriteLine("zone      chunk       generation   column  class  state     frames    bytes         streams  first footage");
        for (int zone = 0; zone < root.Geometry.ZoneCount; zone++)
        {
            cancellation.ThrowIfCancellationRequested();
            ZoneFinding finding = disk.Look(zone);
            if (finding.Content == ZoneContent.Free)
            {
                continue;
            }

            string state = finding.Content switch
            {
                ZoneContent.Sealed => finding.Trailer!.Value.WasCut ? "cut" : "sealed",
                ZoneContent.Open => "open",
                ZoneContent.WithoutFooter => "no footer",
                _ => "unreadable",
            };
            output.WriteLine(finding.Trailer is { } t
                ? $"{zone,-9} {t.Chunk,-11} {t.Generation,-12:x} {Column(finding),-7} {t.Class,-6} {state,-9} {t.FrameCount,-9} {t.DataEnd,-13} {t.StreamCount,-8} {t.Wall.Start}"
                : $"{zone,-9} {finding.Chunk,-11} {finding.Column.Generation,-12:x} {Column(finding),-7} {"",-6} {state}");
        }
    }

    /// <summary>Which column of which layout, such as <c>2/4+1</c>.</summary>
    private static string Column(in ZoneFinding finding) => $"{finding.Column.Column}/{finding.Column.Layout}";

    /// <summary>Prints the frames of one chunk, and its records where this disk holds column 0.</summary>
    /// <param name="device">The disk of a stopped store; stays open.</param>
    /// <param name="chunk">The chunk's number.</param>
    /// <param name="output">Where it goes.</param>
    /// <param name="cancellation">Stops between frames.</param>
    /// <exception cref="StoreException">There is no store on the disk, or no such chunk in it.</exception>
    public static void InspectChunk(IBlockDevice device, ulong chunk, TextWriter output, CancellationToken cancellation)
    {
        using var disk = new StoppedDisk(device);
        for (int zone = 0; zone < disk.Root.Geometry.ZoneCount; zone++)
        {
            cancellation.ThrowIfCancellationRequested();
            ZoneFinding finding = disk.Look(zone);
            if (finding.Content is not (ZoneContent.Free or ZoneContent.Unreadable) && finding.Chunk == chunk)
            {
                PrintFrames(disk, zone, finding, output, cancellation);
                return;
            }
        }

        throw new StoreException($"{device.Name} has no chunk {chunk}.");
    }

    private static void PrintFrames(StoppedDisk disk, int zone, in ZoneFinding finding, TextWriter output, CancellationToken cancellation)
    {
        output.WriteLine($"chunk {finding.Chunk}, generation {finding.Column.Generation:x}, column {Column(finding)}, zone {zone} at {disk.Root.Geometry.ZoneOffset(zone)}");
        if (finding.Column.Column != 0)
        {
            PartWalker parts = disk.WalkParts(finding);
            while (parts.Next() is { } part)
            {
                output.WriteLine($"frame {part.Frame} at {part.OffsetBytes}: part of {part.PartBytes} bytes");
            }

            return;
        }

        FrameWalker walker = disk.WalkFrames(finding);
        while (walker.Next() is { } frame)
        {
            cancellation.ThrowIfCancellationRequested();
            output.WriteLine($"frame {frame.Part.Frame} at {frame.Part.OffsetBytes}: {frame.Part.PartBytes} bytes, {frame.Header.RecordCount} records, {frame.Header.FormatCount} formats, committed {frame.Header.Committed}");
            ReadOnlySpan<byte> entries = frame.Entries.Span;
            for (int at = 0; RecordEntry.TryParse(entries[at..], out RecordEntry entry); at += entry.EntryBytes)
            {
                output.WriteLine(entry.Kind == RecordKind.Gap
                    ? $"  gap    stream {entry.Stream} {entry.Wall.Start} to {entry.Wall.End} {entry.GapCause}"
                    : $"  record stream {entry.Stream} run {entry.Run} #{entry.Sequence} {entry.Wall.Start} {entry.SampleCount} samples, {entry.PayloadBytes} bytes in column {entry.Payload.Column} at {entry.Payload.OffsetInZone}, crc {entry.PayloadChecksum:x8}");
            }
        }

        output.WriteLine($"end of frames at {walker.Position}");
    }
}
