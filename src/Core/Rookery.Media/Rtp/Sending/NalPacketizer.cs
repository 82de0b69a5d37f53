// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Buffers.Binary;
using Rookery.Media.Bitstream;

namespace Rookery.Media.Rtp;

/// <summary>What H.264 and H.265 have in common: whole NAL units where they fit, fragments where not, parameter sets as an aggregate.</summary>
internal abstract class NalPacketizer(TrackFormat format, PacketizerOptions options, int headerBytes) : Packetizer(options)
{
    private readonly ReadOnlyMemory<byte>[] _parameterSets = options.ParameterSetsInBand ? [.. format.ParameterSets] : [];

    /// <summary>Writes the header of an aggregate; it is as long as a NAL unit header.</summary>
    private protected abstract void WriteAggregateHeader(Span<byte> payload);

    /// <summary>Writes the header of a fragment; it is one byte longer than a NAL unit header.</summary>
    private protected abstract void WriteFragmentHeader(Span<byte> payload, ReadOnlySpan<byte> nal, bool isFirst, bool isLast);

    private protected sealed override void Write(ReadOnlySpan<byte> data, bool isRandomAccess)
    {
        if (isRandomAccess)
        {
            WriteParameterSets();
        }

        NalUnits nals = new(data);
        while (nals.MoveNext())
        {
            WriteNal(nals.Current, nals.IsLast);
        }
    }

    private void WriteParameterSets()
    {
        int size = headerBytes;
        foreach (ReadOnlyMemory<byte> set in _parameterSets)
        {
            size += 2 + set.Length;
        }

        if (_parameterSets.Length < 2 || size > Payload.Length)
        {
            foreach (ReadOnlyMemory<byte> set in _parameterSets)
            {
                WriteNal(set.Span, isLast: false);
            }

            return;
        }

        Span<byte> rest = Payload;
        WriteAggregateHeader(rest);
        rest = rest[headerBytes..];
        foreach (ReadOnlyMemory<byte> set in _parameterSets)
        {
            BinaryPrimitives.WriteUInt16BigEndian(rest, (ushort)set.Length);
            set.Span.CopyTo(rest[2..]);
            rest = rest[(2 + set.Length)..];
        }

        Send(size, marker: false);
    }

    private void WriteNal(ReadOnlySpan<byte> nal, bool isLast)
    {
        if (nal.Length <= Payload.Length)
        {
            nal.CopyTo(Payload);
            Send(nal.Length, isLast);
            return;
        }

        int room = Payload.Length - headerBytes - 1;
        ReadOnlySpan<byte> rest = nal[headerBytes..];
        for (bool isFirst = true; rest.Length > 0; isFirst = false)
        {
            int size = Math.Min(room, rest.Length);
            bool isEnd = size == rest.Length;
            WriteFragmentHeader(Payload, nal, isFirst, isEnd);
            rest[..size].CopyTo(Payload[(headerBytes + 1)..]);
            rest = rest[size..];
            Send(headerBytes + 1 + size, isLast && isEnd);
        }
    }
}
