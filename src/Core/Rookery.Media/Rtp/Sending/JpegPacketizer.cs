// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Buffers.Binary;
using Rookery.Media.Bitstream;

namespace Rookery.Media.Rtp;

/// <summary>JPEG in RTP (RFC 2435) with quantisation tables in band (Q = 255). Pictures that the payload cannot carry are left out and counted.</summary>
internal sealed class JpegPacketizer(PacketizerOptions options) : Packetizer(options)
{
    private const int MainHeaderBytes = 8;
    private const int RestartHeaderBytes = 4;
    private const int TableHeaderBytes = 4;

    private protected override void Write(ReadOnlySpan<byte> data, bool isRandomAccess)
    {
        const int Overhead = MainHeaderBytes + RestartHeaderBytes + TableHeaderBytes + (2 * JpegTables.QuantisationBytes);
        if (!JpegPicture.TryParse(data, out JpegPicture picture) || picture.Width % 8 != 0 || picture.Height % 8 != 0
            || picture.Width > 2040 || picture.Height > 2040 || picture.Scan.Length > 0xFFFFFF || Payload.Length <= Overhead)
        {
            UnitsLeftOut++;
            return;
        }

        ReadOnlySpan<byte> rest = picture.Scan;
        while (rest.Length > 0)
        {
            int offset = picture.Scan.Length - rest.Length;
            int header = WriteHeaders(in picture, offset);
            int size = Math.Min(rest.Length, Payload.Length - header);
            rest[..size].CopyTo(Payload[header..]);
            rest = rest[size..];
            Send(header + size, marker: rest.IsEmpty);
        }
    }

    private int WriteHeaders(in JpegPicture picture, int offset)
    {
        Span<byte> payload = Payload;
        BinaryPrimitives.WriteInt32BigEndian(payload, offset);
        payload[4] = (byte)picture.Type;
        payload[5] = 255;
        payload[6] = (byte)(picture.Width / 8);
        payload[7] = (byte)(picture.Height / 8);
        int at = MainHeaderBytes;
        if (picture.RestartInterval > 0)
        {
            // Packets need not begin at a restart marker: first, last and count say so (§3.1.7).
            BinaryPrimitives.WriteUInt16BigEndian(payload[at..], (ushort)picture.RestartInterval);
            BinaryPrimitives.WriteUInt16BigEndian(payload[(at + 2)..], 0xFFFF);
            at += RestartHeaderBytes;
        }

        if (offset == 0)
        {
            payload[at] = 0;
            payload[at + 1] = 0;
            BinaryPrimitives.WriteUInt16BigEndian(payload[(at + 2)..], 2 * JpegTables.QuantisationBytes);
            picture.Luminance.CopyTo(payload[(at + TableHeaderBytes)..]);
            picture.Chrominance.CopyTo(payload[(at + TableHeaderBytes + JpegTables.QuantisationBytes)..]);
            at += TableHeaderBytes + (2 * JpegTables.QuantisationBytes);
        }

        return at;
    }
}
