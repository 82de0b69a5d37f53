// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>A record's place in a frame that is being formed or written.</summary>
/// <param name="Appender">Whose samples.</param>
/// <param name="First">First sample in the appender's staged list.</param>
/// <param name="Count">Number of samples.</param>
/// <param name="EntryAt">Where its entry lies in the buffer.</param>
/// <param name="Sequence">Its number in the run.</param>
internal readonly record struct PlacedRecord(StreamAppender Appender, int First, int Count, int EntryAt, uint Sequence);

/// <summary>The bytes of a frame, its parts one behind another, and whose samples they are. Memory and lists are kept from frame to frame.</summary>
/// <param name="contentBytes">Most linear content of a frame.</param>
internal sealed class FrameBuffer(int contentBytes) : IDisposable
{
    /// <summary>About 3 s at the default interval: what was not needed for so long was for a commit after a stall, or for one in two chunks.</summary>
    private const int CommitsBetweenTrims = 8;

    private AlignedMemory? _memory;
    private int _commits;
    private int _touchedBytes;
    private int _largestBytes;

    public AlignedMemory Memory => _memory ?? throw new InvalidOperationException("A frame is begun before it is filled.");
    public List<PlacedRecord> Records { get; } = [];
    public List<(int EntryAt, StagedGap Gap)> Gaps { get; } = [];

    /// <summary>Records copied from other chunks, with their payload.</summary>
    public List<(int EntryAt, StreamId Stream, ReadOnlyMemory<byte> Payload)> Copies { get; } = [];
    public List<FormatBlob> NewFormats { get; } = [];
    public OpenChunk Chunk { get; private set; } = null!;
    public long OffsetInZone { get; private set; }
    public ulong Frame { get; private set; }

    /// <summary>See <see cref="FrameHeader.CommitNumber"/>; known when the frame is finished.</summary>
    public ulong CommitNumber { get; set; }

    /// <summary>End of the record entries so far.</summary>
    public int EntriesEnd { get; set; }
    public int FormatsBytes { get; set; }
    public long PayloadBytes { get; set; }

    /// <summary>Size of each finished part with padding.</summary>
    public int PartBytes
    {
        get;
        set
        {
            field = value;
            _largestBytes = Math.Max(_largestBytes, value * (value == 0 ? 0 : Chunk.Layout.Columns));
        }
    }

    public bool IsEmpty => Records.Count == 0 && Gaps.Count == 0 && Copies.Count == 0;

    public int MaximumContentBytes => contentBytes;

    /// <summary>Largest part of a frame of this chunk's layout.</summary>
    public int MaximumPartBytes { get; private set; }

    /// <summary>
    /// Largest part. With one data column it is the whole frame; with more, a share of it, but never less than tables with the largest format need, which all lie in column 0.
    /// </summary>
    public static int LargestPart(ChunkLayout layout, int contentBytes) => layout.DataColumns == 1
        ? contentBytes
        : (int)AlignedMemory.RoundUp(PartHeader.SizeBytes + Math.Max((contentBytes + layout.DataColumns - 1) / layout.DataColumns, (contentBytes / 4) + AlignedMemory.Alignment));

    public void Begin(OpenChunk chunk)
    {
        Chunk = chunk;
        MaximumPartBytes = LargestPart(chunk.Layout, contentBytes);
        int needed = MaximumPartBytes * chunk.Layout.Columns;
        if (_memory is null || _memory.Length < needed)
        {
            ((IDisposable?)_memory)?.Dispose();
            // Pages that are never touched cost nothing: a frame takes as much memory as it has content.
            _memory = new AlignedMemory(needed);
        }

        OffsetInZone = chunk.Position;
        Frame = chunk.NextFrame;
        Records.Clear();
        Gaps.Clear();
        Copies.Clear();
        NewFormats.Clear();
        EntriesEnd = PartHeader.SizeBytes + FrameHeader.SizeBytes;
        FormatsBytes = 0;
        PayloadBytes = 0;
        PartBytes = 0;
    }

    /// <summary>A commit is over and nothing is under way. Now and then the pages that only larger frames than the recent ones touched go back to the system.</summary>
    public void Rest()
    {
        _touchedBytes = Math.Max(_touchedBytes, _largestBytes);
        if (++_commits < CommitsBetweenTrims)
        {
            return;
        }

        if (_largestBytes < _touchedBytes)
        {
            _memory?.GiveBackFrom(_largestBytes);
            _touchedBytes = _largestBytes;
        }

        _commits = 0;
        _largestBytes = 0;
    }

    /// <summary>The finished part of a column.</summary>
    public ReadOnlySpan<byte> Part(int column) => Memory.GetSpan().Slice(column * PartBytes, PartBytes);

    public void Dispose() => ((IDisposable?)_memory)?.Dispose();
}
