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

/// <summary>One of the two write buffers: the bytes of a frame, and whose samples they are. Lists are kept from frame to frame.</summary>
internal sealed class FrameBuffer(int capacityBytes) : IDisposable
{
    /// <summary>About 2.4 s at the default interval: what was not needed for so long was for a commit after a stall, or for one in two chunks.</summary>
    private const int CommitsBetweenTrims = 8;

    private int _commits;
    private int _touchedBytes;
    private int _largestBytes;

    public AlignedMemory Memory { get; } = new(capacityBytes);
    public List<PlacedRecord> Records { get; } = [];
    public List<(int EntryAt, StagedGap Gap)> Gaps { get; } = [];
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

    /// <summary>Size of the finished part with padding.</summary>
    public int PartBytes
    {
        get;
        set
        {
            field = value;
            _largestBytes = Math.Max(_largestBytes, value);
        }
    }

    public bool IsEmpty => Records.Count == 0 && Gaps.Count == 0;

    public void Begin(OpenChunk chunk)
    {
        Chunk = chunk;
        OffsetInZone = chunk.Position;
        Frame = chunk.NextFrame;
        Records.Clear();
        Gaps.Clear();
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
            Memory.GiveBackFrom(_largestBytes);
            _touchedBytes = _largestBytes;
        }

        _commits = 0;
        _largestBytes = 0;
    }

    public void Dispose() => ((IDisposable)Memory).Dispose();
}
