// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Media.Rtp;

/// <summary>ONVIF metadata: one XML document over as many packets as it takes, the last one marked (ONVIF Streaming Specification §5.1.2.1.1).</summary>
internal sealed class MetadataDepacketizer : Depacketizer
{
    /// <summary>A scene description of a crowd stays below 100 KiB; beyond this it is no document.</summary>
    private const int MaximumDocumentBytes = 1 << 20;

    private readonly TrackFormat _format;
    private long _time;
    private bool _isDropped;

    public MetadataDepacketizer(RtpPayloadFormat payload, BlockPool pool, IAccessUnitSink sink)
        : base(payload, pool, sink, AudioBlockBytes, TimeSpan.FromDays(1)) => _format = TrackFormat.FromOnvifMetadata(payload.ClockRate);

    public override void Flush()
    {
        Finish();
        _isDropped = false;
    }

    private protected override void OnLoss()
    {
        // Half a document is none. Whether the packets lost began another one shows when the next begins.
        if (Buffer.Length > 0)
        {
            DropUnit();
        }

        _isDropped = true;
    }

    private protected override void Take(ReadOnlySpan<byte> payload, long time, bool marker)
    {
        if (time != _time)
        {
            Finish();
            _time = time;
            _isDropped &= !BeginsDocument(payload);
        }

        if (!_isDropped && Buffer.Length + payload.Length > MaximumDocumentBytes)
        {
            NoteCorrupt();
            DropUnit();
            _isDropped = true;
        }
        else if (!_isDropped && !Buffer.TryAppend(payload))
        {
            NoteOutOfMemory();
            _isDropped = true;
        }

        if (marker)
        {
            Finish();
            _isDropped = false;
        }
    }

    private static bool BeginsDocument(ReadOnlySpan<byte> payload)
    {
        ReadOnlySpan<byte> text = payload.StartsWith("\uFEFF"u8) ? payload[3..] : payload;
        return text.StartsWith("<?xml"u8) || text.StartsWith("<tt:MetadataStream"u8);
    }

    private void Finish()
    {
        if (Buffer.Length == 0)
        {
            return;
        }

        if (Format is null)
        {
            Announce(_format);
        }

        Emit(_time, AccessUnitFlags.RandomAccess);
    }
}
