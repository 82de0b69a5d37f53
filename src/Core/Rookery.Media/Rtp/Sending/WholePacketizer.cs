// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Media.Rtp;

/// <summary>
/// Payloads that are the access unit itself: G.711 (RFC 3551 §4.5.14), cut between samples where it does not fit, and Opus (RFC 7587 §4.2),
/// which cannot be cut and always fits.
/// </summary>
internal sealed class WholePacketizer(TrackFormat format, PacketizerOptions options) : Packetizer(options)
{
    private readonly int _channels = Math.Max(1, format.Channels);
    private readonly bool _canCut = format.Codec is Codec.Pcmu or Codec.Pcma;

    private protected override void Write(ReadOnlySpan<byte> data, bool isRandomAccess)
    {
        int room = Payload.Length - (Payload.Length % _channels);
        if (!_canCut && data.Length > room)
        {
            UnitsLeftOut++;
            return;
        }

        uint offset = 0;
        while (data.Length > 0)
        {
            int size = Math.Min(room, data.Length);
            data[..size].CopyTo(Payload);
            Send(size, marker: false, offset);
            data = data[size..];
            offset += (uint)(size / _channels);
        }
    }
}
