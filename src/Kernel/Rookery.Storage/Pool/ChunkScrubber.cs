// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>Reads sealed chunks, the one that was not verified longest first, and checks every part of every column. What is damaged is rebuilt, and counted.</summary>
internal sealed class ChunkScrubber(StoreState state)
{
    /// <summary>When each chunk was verified, in rounds: what a start forgets is verified again.</summary>
    private readonly Dictionary<ulong, int> _rounds = [];

    /// <param name="budgetBytes">Stops after the chunk that goes beyond it.</param>
    /// <param name="pace">Told after each frame how many bytes were read; waits.</param>
    /// <param name="cancellation">Stops between frames.</param>
    public async Task ScrubAsync(long budgetBytes, Func<long, ValueTask> pace, CancellationToken cancellation)
    {
        List<Chunk> chunks = state.Chunks.Sealed();
        foreach (ulong gone in _rounds.Keys.Except(chunks.Select(c => c.Generation)).ToList())
        {
            _rounds.Remove(gone);
        }

        foreach (Chunk chunk in chunks.OrderBy(c => _rounds.GetValueOrDefault(c.Generation)).ThenBy(c => c.CommitNumber))
        {
            if (budgetBytes <= 0)
            {
                return;
            }

            budgetBytes -= await ScrubAsync(chunk, pace, cancellation);
            _rounds[chunk.Generation] = _rounds.GetValueOrDefault(chunk.Generation) + 1;
        }
    }

    private async Task<long> ScrubAsync(Chunk chunk, Func<long, ValueTask> pace, CancellationToken cancellation)
    {
        if (!chunk.TryPin())
        {
            return 0;
        }

        try
        {
            ColumnSet set = ColumnSet.Of(chunk);
            var walker = new FrameWalker(state.Disks, state.Reader, set, state.ZoneBytes);
            ulong here = 0;
            for (int column = 0; column < set.Layout.Columns; column++)
            {
                here |= state.Disks.Find(set.Places[column].Disk) is null ? 0 : 1UL << column;
            }

            ulong bad = 0;
            while (walker.NextFrame < chunk.FrameCount && walker.Next() is { } frame)
            {
                cancellation.ThrowIfCancellationRequested();
                bad |= here & ~walker.Verify(frame, out _);
                await pace(frame.Part.PartBytes * (long)set.Layout.Columns);
            }

            bad |= BadFooters(chunk, set, here);
            if (bad != 0)
            {
                state.Repairs.Add(chunk, bad);
            }

            return walker.Position * set.Layout.Columns;
        }
        finally
        {
            chunk.Unpin();
        }
    }

    private ulong BadFooters(Chunk chunk, in ColumnSet set, ulong here)
    {
        ulong bad = 0;
        for (int column = 0; column < set.Layout.Columns; column++)
        {
            if ((here >> column & 1) == 0)
            {
                continue;
            }

            ColumnPlace place = set.Places[column];
            bool isWhole = false;
            try
            {
                isWhole = state.Footers.ReadTail(state.Disks.Find(place.Disk)!, place.Zone) is { } read && read.Tail.Trailer.Generation == chunk.Generation
                    && IsIndexWhole(set, column, read.Tail.Trailer);
            }
            catch (DeviceException)
            {
                // Rebuilt elsewhere.
            }

            bad |= isWhole ? 0 : 1UL << column;
        }

        return bad;
    }

    private bool IsIndexWhole(in ColumnSet set, int column, in ChunkTrailer trailer)
    {
        byte[] part = new byte[trailer.IndexPartBytes(state.ZoneBytes)];
        return state.Reader.TryReadColumn(set, column, trailer.FooterStart, part) && PartHeader.TryParse(part, out PartHeader header) && header.Kind == FrameKind.Index
            && header.Generation == set.Generation && header.PartBytes == part.Length
            && Crc32C.Compute(part.AsSpan(PartHeader.SizeBytes, header.ContentBytes - PartHeader.SizeBytes)) == header.ContentChecksum;
    }
}
