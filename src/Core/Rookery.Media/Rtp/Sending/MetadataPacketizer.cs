// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Media.Rtp;

/// <summary>ONVIF metadata: a document cut anywhere, the last packet marked.</summary>
internal sealed class MetadataPacketizer(PacketizerOptions options) : Packetizer(options)
{
    private protected override void Write(ReadOnlySpan<byte> data, bool isRandomAccess)
    {
        while (data.Length > 0)
        {
            int size = Math.Min(data.Length, Payload.Length);
            data[..size].CopyTo(Payload);
            data = data[size..];
            Send(size, marker: data.IsEmpty);
        }
    }
}
