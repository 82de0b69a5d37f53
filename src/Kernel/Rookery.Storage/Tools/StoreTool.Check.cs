// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>What a check found.</summary>
/// <param name="Chunks">Chunks with footage.</param>
/// <param name="Frames">Frames whose checksums are right.</param>
/// <param name="Bytes">Bytes read and verified.</param>
/// <param name="Problems">Things that are wrong; 0 for a sound store.</param>
public readonly record struct CheckResult(int Chunks, long Frames, long Bytes, int Problems);

public static partial class StoreTool
{
    /// <summary>
    /// Reads every frame and footer of the disk and verifies every checksum. Says what is wrong, line by line, and a summary. Takes as long as the disk takes to be read.
    /// </summary>
    /// <param name="device">The disk of a stopped store; stays open.</param>
    /// <param name="output">Where the findings go.</param>
    /// <param name="progress">Told after each zone; may be <c>null</c>.</param>
    /// <param name="cancellation">Stops between frames.</param>
    /// <exception cref="StoreException">There is no store on the disk.</exception>
    public static CheckResult Check(IBlockDevice device, TextWriter output, IProgress<RebuildProgress>? progress, CancellationToken cancellation)
    {
        using var disk = new StoppedDisk(device);
        var result = default(CheckResult);
        if (disk.ValidCopies < StoreGeometry.SuperblockCopies)
        {
            output.WriteLine($"superblock: {disk.ValidCopies} of {StoreGeometry.SuperblockCopies} copies are valid; the next start writes them all anew");
            result = result with { Problems = 1 };
        }

        int zones = disk.Root.Geometry.ZoneCount;
        for (int zone = 0; zone < zones; zone++)
        {
            ZoneFinding finding = disk.Look(zone);
            if (finding.Content == ZoneContent.Unreadable)
            {
                output.WriteLine($"zone {zone}: cannot be read");
                result = result with { Problems = result.Problems + 1 };
            }
            else if (finding.Content != ZoneContent.Free)
            {
                result = CheckChunk(disk, zone, finding, output, result, cancellation);
            }

            progress?.Report(new RebuildProgress(zone + 1, zones));
        }

        output.WriteLine($"{result.Chunks} chunks, {result.Frames} frames, {result.Bytes} bytes verified, {result.Problems} problems");
        return result;
    }

    private static CheckResult CheckChunk(
        StoppedDisk disk, int zone, in ZoneFinding finding, TextWriter output, CheckResult result, CancellationToken cancellation)
    {
        int problems = 0;
        long frames = 0;
        long bytes = 0;
        PartWalker walker = disk.WalkParts(finding);
        try
        {
            while (walker.Next() is { } part)
            {
                cancellation.ThrowIfCancellationRequested();
                if (!walker.Verify(part))
                {
                    output.WriteLine($"zone {zone}, chunk {finding.Chunk}: frame {part.Frame} at {part.OffsetBytes} is damaged");
                    problems++;
                }

                frames++;
                bytes += part.PartBytes;
            }
        }
        catch (DeviceException failure)
        {
            output.WriteLine($"zone {zone}, chunk {finding.Chunk}: {failure.Message}");
            problems++;
        }

        if (finding.Content == ZoneContent.WithoutFooter)
        {
            output.WriteLine($"zone {zone}, chunk {finding.Chunk}: has frames but no footer; rebuilding the catalog makes one");
            problems++;
        }

        if (finding.Trailer is { } trailer)
        {
            problems += CheckFooter(disk, zone, trailer, (long)walker.NextFrame, walker.Position, output);
            bytes += disk.Root.Geometry.ZoneBytes - trailer.FooterStart;
        }

        return new CheckResult(result.Chunks + 1, result.Frames + frames, result.Bytes + bytes, result.Problems + problems);
    }

    private static int CheckFooter(StoppedDisk disk, int zone, in ChunkTrailer trailer, long frames, long end, TextWriter output)
    {
        string where = $"zone {zone}, chunk {trailer.Chunk}";
        int problems = 0;
        if (frames < (long)trailer.FrameCount || end < trailer.DataEnd)
        {
            output.WriteLine($"{where}: {frames} of {trailer.FrameCount} frames can be followed");
            problems++;
        }

        byte[] footer = new byte[disk.Root.Geometry.ZoneBytes - trailer.FooterStart];
        try
        {
            disk.Reader.Read(disk.Root.Geometry.ZoneOffset(zone) + trailer.FooterStart, footer);
        }
        catch (DeviceException failure)
        {
            output.WriteLine($"{where}: the footer cannot be read: {failure.Message}");
            return problems + 1;
        }

        int indexBytes = trailer.IndexPartBytes(disk.Root.Geometry.ZoneBytes);
        bool isSound = PartHeader.TryParse(footer, out PartHeader part) && part.Kind == FrameKind.Index && part.Generation == trailer.Generation
            && part.PartBytes == indexBytes && part.IsWhole(footer.AsSpan(0, indexBytes))
            && ChunkTail.Parse(footer.AsSpan(footer.Length - trailer.TailBytes), disk.Root.Geometry.ZoneBytes) is not null;
        if (!isSound)
        {
            output.WriteLine($"{where}: the footer is damaged");
            problems++;
        }

        return problems;
    }
}
