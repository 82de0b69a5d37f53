// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>
/// The durable record entries of a chunk that has no footer yet, in the footer's own form, stream by stream. Readers ask it as they ask a footer; when the
/// chunk is sealed its bytes become the footer.
/// </summary>
/// <remarks>Filled by one thread, read by any.</remarks>
internal sealed class ChunkSections
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<ulong, StreamSection> _streams = [];
    private readonly List<(FormatId Id, ReadOnlyMemory<byte> Bytes)> _formats = [];
    private readonly HashSet<FormatId> _formatIds = [];

    /// <summary>Adds a record or gap that is durable now.</summary>
    /// <param name="entry">The entry, parsed.</param>
    /// <param name="bytes">The entry as it stands on the disk, sample table included.</param>
    public void Add(in RecordEntry entry, ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            if (!_streams.TryGetValue(entry.Stream.Value, out StreamSection? section))
            {
                section = new StreamSection(entry.Stream);
                _streams.Add(entry.Stream.Value, section);
            }

            section.Add(entry, bytes);
        }
    }

    /// <returns><c>true</c> when the chunk had not known the format.</returns>
    public bool AddFormat(FormatId id, ReadOnlyMemory<byte> bytes)
    {
        lock (_gate)
        {
            if (!_formatIds.Add(id))
            {
                return false;
            }

            _formats.Add((id, bytes));
            return true;
        }
    }

    /// <summary>A copy of a stream's entries; empty when it has none.</summary>
    public byte[] CopyEntries(StreamId stream)
    {
        lock (_gate)
        {
            return _streams.TryGetValue(stream.Value, out StreamSection? section) ? section.Entries.ToArray() : [];
        }
    }

    /// <summary>Everything, for the footer. Called by the filling thread.</summary>
    public (IReadOnlyCollection<StreamSection> Streams, IReadOnlyList<(FormatId Id, ReadOnlyMemory<byte> Bytes)> Formats) ForFooter() => (_streams.Values, _formats);
}

/// <summary>The entries of one stream in one chunk.</summary>
internal sealed class StreamSection(StreamId stream)
{
    private readonly List<ChunkSpan> _spans = [];
    private readonly List<Gap> _gaps = [];
    private byte[] _entries = new byte[512];
    private int _length;

    public StreamId Stream => stream;
    public int RecordCount { get; private set; }
    public long PayloadBytes { get; private set; }
    public WallRange Wall { get; private set; }
    public ReadOnlySpan<byte> Entries => _entries.AsSpan(0, _length);

    public void Add(in RecordEntry entry, ReadOnlySpan<byte> bytes)
    {
        if (_length + bytes.Length > _entries.Length)
        {
            Array.Resize(ref _entries, Math.Max(_entries.Length * 2, _length + bytes.Length));
        }

        bytes.CopyTo(_entries.AsSpan(_length));
        _length += bytes.Length;
        Wall = RecordCount == 0 ? entry.Wall : new WallRange(WallTime.Min(Wall.Start, entry.Wall.Start), WallTime.Max(Wall.End, entry.Wall.End));
        RecordCount++;
        PayloadBytes += entry.PayloadBytes;
        if (entry.Kind == RecordKind.Gap)
        {
            _gaps.Add(new Gap(entry.Wall, entry.GapCause));
            return;
        }

        if (_spans.Count > 0 && Continuity.Follows(_spans[^1], entry))
        {
            ChunkSpan last = _spans[^1];
            _spans[^1] = last with
            {
                Wall = new WallRange(last.Wall.Start, WallTime.Max(last.Wall.End, entry.Wall.End)),
                LastRun = entry.Run,
                LastSequence = entry.Sequence,
            };
        }
        else
        {
            _spans.Add(new ChunkSpan(entry.Wall, entry.Run, entry.Sequence, entry.Run, entry.Sequence));
        }
    }

    public StreamDirectory ToDirectory(int entriesOffset, uint entriesChecksum) => new()
    {
        Stream = stream,
        EntriesOffset = entriesOffset,
        EntriesBytes = _length,
        RecordCount = RecordCount,
        EntriesChecksum = entriesChecksum,
        PayloadBytes = PayloadBytes,
        Wall = Wall,
        Spans = _spans,
        Gaps = _gaps,
    };
}
