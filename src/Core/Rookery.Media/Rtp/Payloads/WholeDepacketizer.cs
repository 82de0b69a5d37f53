// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Media.Rtp;

/// <summary>Payloads that are one access unit each: G.711 (RFC 3551 §4.5.14) and Opus (RFC 7587 §4.2).</summary>
internal sealed class WholeDepacketizer : Depacketizer
{
    private readonly TrackFormat _format;

    public WholeDepacketizer(RtpPayloadFormat payload, BlockPool pool, IAccessUnitSink sink)
        : base(payload, pool, sink, AudioBlockBytes, TimeSpan.FromDays(1))
    {
        // RFC 7587 §7: Opus is always announced with two channels; only the parameter tells what is sent.
        _format = payload.Codec == Codec.Opus
            ? TrackFormat.FromOpus(payload.Parameter("sprop-stereo", fallback: 0, 0, 1) + 1)
            : TrackFormat.FromG711(payload.Codec!.Value, payload.ClockRate, Math.Clamp(payload.Channels, 1, 8));
    }

    public override void Flush()
    {
    }

    private protected override void Take(ReadOnlySpan<byte> payload, long time, bool marker)
    {
        // An empty packet is silence that was not sent (discontinuous transmission).
        if (payload.IsEmpty)
        {
            return;
        }

        if (!Buffer.TryAppend(payload))
        {
            NoteOutOfMemory();
            return;
        }

        if (Format is null)
        {
            Announce(_format);
        }

        Emit(time, AccessUnitFlags.RandomAccess);
    }
}
