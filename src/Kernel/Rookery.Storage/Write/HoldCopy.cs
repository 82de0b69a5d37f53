// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Storage;

/// <summary>The copying of what is held of one chunk, frame by frame.</summary>
/// <param name="source">The chunk, sealed.</param>
/// <param name="version">The holds by which it is copied.</param>
/// <param name="records">What is to be copied.</param>
internal sealed class HoldCopy(Chunk source, int version, List<HeldRecord> records)
{
    /// <summary>Payload in one frame of copies: 60 ms of a hard disk to read and to write, which fits between two commits.</summary>
    private const int FramePayloadBytes = 2 << 20;

    private byte[] _payload = [];
    private int _done;

    public Chunk Source => source;
    public int Version => version;
    public bool IsDone => _done == records.Count;

    /// <summary>About what the next frame needs.</summary>
    public long WaitingBytes => records.Skip(_done).Take(1).Sum(r => (long)r.Entry.EntryBytes + r.Entry.PayloadBytes);

    /// <summary>Puts as many of the next records into a frame as it is to have.</summary>
    /// <returns>Their number; 0 when not even one fits.</returns>
    /// <exception cref="RecordLostException">One cannot be read, or was damaged.</exception>
    public int Fill(FrameBuffer frame, ChunkReader reader, FormatTable formats)
    {
        int most = Math.Max(FramePayloadBytes, _done < records.Count ? records[_done].Entry.PayloadBytes : 0);
        _payload = _payload.Length >= most ? _payload : new byte[most];
        int at = 0;
        int count = 0;
        for (int i = _done; i < records.Count; i++, count++)
        {
            HeldRecord record = records[i];
            FormatBlob? format = record.Entry.Kind == RecordKind.Samples ? Find(record.Entry.Format, formats) : null;
            if (record.Entry.PayloadBytes > _payload.Length - at || !FrameBuilder.HasRoomFor(frame, record, format))
            {
                break;
            }

            Memory<byte> payload = _payload.AsMemory(at, record.Entry.PayloadBytes);
            if (!payload.IsEmpty && !reader.TryReadVerified(ColumnSet.Of(source), record.Entry.Payload, payload.Span, record.Entry.PayloadChecksum, out _))
            {
                throw new RecordLostException($"A held record of chunk {source.Id} is damaged or cannot be read.");
            }

            FrameBuilder.Place(frame, record, format, payload);
            at += payload.Length;
        }

        return count;
    }

    /// <summary>The frame is durable.</summary>
    public void Done(int count) => _done += count;

    private static FormatBlob Find(FormatId id, FormatTable formats) =>
        formats.Find(id) is { } bytes ? new FormatBlob(bytes.Span) : throw new RecordLostException("The format of a held record is not known.");
}
