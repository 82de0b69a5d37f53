// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Buffers.Binary;
using Rookery.Foundation;
using Rookery.Media.Bitstream;

namespace Rookery.Media.Rtp;

/// <summary>JPEG in RTP (RFC 2435): types 0 and 1 with and without restart markers, quantisation tables by quality or in band. Hands over whole JFIF pictures.</summary>
/// <remarks>Pictures wider or higher than 2040 pixels need a header extension of ONVIF and are not read.</remarks>
internal sealed class JpegDepacketizer : Depacketizer
{
    private const int MainHeaderBytes = 8;
    private const int DynamicQualities = 128;

    /// <summary>Tables of the qualities 128 to 254 may be sent once and referred to later (§3.1.8); 255 always carries its own.</summary>
    private readonly byte[]?[] _known = new byte[]?[127];

    private readonly byte[] _tables = new byte[256];
    private long _time;
    private int _headerBytes;
    private int _width;
    private int _height;
    private bool _isDropped = true;

    public JpegDepacketizer(RtpPayloadFormat payload, BlockPool pool, IAccessUnitSink sink)
        : base(payload, pool, sink, VideoBlockBytes, TimeSpan.FromSeconds(10))
    {
    }

    /// <summary>A picture without its end is none.</summary>
    public override void Flush() => Abandon();

    private protected override void OnLoss() => Abandon();

    private protected override void Take(ReadOnlySpan<byte> payload, long time, bool marker)
    {
        if (payload.Length <= MainHeaderBytes)
        {
            Abandon();
            NoteCorrupt();
            return;
        }

        if (time != _time)
        {
            Abandon();
            _time = time;
        }

        int offset = BinaryPrimitives.ReadInt32BigEndian(payload) & 0xFFFFFF;
        ReadOnlySpan<byte> rest = payload[MainHeaderBytes..];
        int restartInterval = 0;
        if (payload[4] >= 64 && rest.Length >= 4)
        {
            restartInterval = BinaryPrimitives.ReadUInt16BigEndian(rest);
            rest = rest[4..];
        }

        if (offset == 0)
        {
            Abandon();
            if (!TryBegin(payload, restartInterval, ref rest))
            {
                return;
            }
        }

        Append(rest, offset, marker);
    }

    private void Append(ReadOnlySpan<byte> data, int offset, bool marker)
    {
        if (_isDropped)
        {
            NoteLoss();
            return;
        }

        if (offset != Buffer.Length - _headerBytes)
        {
            Abandon();
            NoteCorrupt();
            return;
        }

        if (!Buffer.TryAppend(data))
        {
            RunOutOfMemory();
            return;
        }

        if (marker)
        {
            Finish();
        }
    }

    private bool TryBegin(ReadOnlySpan<byte> payload, int restartInterval, ref ReadOnlySpan<byte> rest)
    {
        int type = payload[4] & 0x3F;
        int quality = payload[5];
        _width = payload[6] * 8;
        _height = payload[7] * 8;
        if (type > 1 || payload[4] > 127 || _width == 0 || _height == 0 || !TryTakeTables(quality, ref rest, out int precision))
        {
            NoteCorrupt();
            return false;
        }

        if (!Buffer.TryReserve(JpegHeader.MaximumBytes, out Span<byte> space))
        {
            RunOutOfMemory();
            return false;
        }

        _headerBytes = JpegHeader.Write(space, type, _width, _height, _tables, precision, restartInterval);
        Buffer.Truncate(_headerBytes);
        _isDropped = false;
        return true;
    }

    /// <summary>§3.1.8: the tables of the picture into <see cref="_tables"/>, two of them.</summary>
    private bool TryTakeTables(int quality, ref ReadOnlySpan<byte> rest, out int precision)
    {
        precision = 0;
        if (quality < DynamicQualities)
        {
            JpegTables.Quantisation(Math.Clamp(quality, 1, 99), _tables);
            return quality is > 0 and < 100;
        }

        if (rest.Length < 4)
        {
            return false;
        }

        precision = rest[1] & 3;
        int length = BinaryPrimitives.ReadUInt16BigEndian(rest[2..]);
        if (length == 0)
        {
            rest = rest[4..];
            byte[]? known = quality == 255 ? null : _known[quality - DynamicQualities];
            precision = known?[0] ?? 0;
            known?.AsSpan(1).CopyTo(_tables);
            return known is not null;
        }

        // Some cameras send one table for both.
        int expected = 128 + ((precision & 1) * 64) + ((precision >> 1) * 64);
        if (length > rest.Length - 4 || (length != expected && !(length == 64 && precision == 0)))
        {
            return false;
        }

        ReadOnlySpan<byte> tables = rest.Slice(4, length);
        tables.CopyTo(_tables);
        if (length == 64)
        {
            tables.CopyTo(_tables.AsSpan(64));
        }

        rest = rest[(4 + length)..];
        if (quality < 255)
        {
            byte[] known = _known[quality - DynamicQualities] ??= new byte[1 + _tables.Length];
            known[0] = (byte)precision;
            _tables.CopyTo(known, 1);
        }

        return true;
    }

    private void Finish()
    {
        if (!Buffer.Content.EndsWith([(byte)0xFF, (byte)0xD9]) && !Buffer.TryAppend([0xFF, 0xD9]))
        {
            RunOutOfMemory();
            return;
        }

        _isDropped = true;
        if (Format is null || Format.Width != _width || Format.Height != _height)
        {
            Announce(TrackFormat.FromJpeg(_width, _height));
        }

        Emit(_time, AccessUnitFlags.RandomAccess);
    }

    private void Abandon()
    {
        if (!_isDropped)
        {
            _isDropped = true;
            DropUnit();
        }
    }

    private void RunOutOfMemory()
    {
        _isDropped = true;
        NoteOutOfMemory();
    }
}
