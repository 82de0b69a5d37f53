// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Buffers.Binary;

namespace Rookery.Media.Mp4;

/// <summary>
/// Writes boxes (ISO/IEC 14496-12 §4.2) one behind the other into memory that grows and is used again after <see cref="Clear"/>:
/// a writer that lives as long as its stream allocates nothing per sample. Everything is big-endian.
/// </summary>
public sealed class BoxWriter
{
    private byte[] _bytes;
    private int _length;

    /// <param name="capacityBytes">Room to begin with; a live fragment's header stays below 256 bytes.</param>
    public BoxWriter(int capacityBytes = 1024) => _bytes = new byte[Math.Max(capacityBytes, 16)];

    /// <summary>Bytes written since the last <see cref="Clear"/>.</summary>
    public int Length => _length;

    /// <summary>What was written; valid until the next call that writes.</summary>
    public ReadOnlySpan<byte> Span => _bytes.AsSpan(0, _length);

    /// <inheritdoc cref="Span"/>
    public ReadOnlyMemory<byte> Memory => _bytes.AsMemory(0, _length);

    public void Clear() => _length = 0;

    public byte[] ToArray() => Span.ToArray();

    /// <summary>Begins a box; <see cref="End"/> takes what this returns and fills in the size.</summary>
    public int Begin(ReadOnlySpan<byte> type)
    {
        int start = _length;
        U32(0);
        Bytes(type);
        return start;
    }

    /// <summary>Begins a full box (§4.2): a box with version and flags.</summary>
    public int Begin(ReadOnlySpan<byte> type, byte version, uint flags)
    {
        int start = Begin(type);
        U32(((uint)version << 24) | flags);
        return start;
    }

    public void End(int start) => PatchU32(start, (uint)(_length - start));

    /// <summary>Writes the head of an <c>mdat</c> whose payload the caller sends behind it; 64-bit when the size asks for it.</summary>
    public void MediaDataHeader(long payloadBytes)
    {
        long total = payloadBytes + 8;
        if (total <= uint.MaxValue)
        {
            U32((uint)total);
            Bytes("mdat"u8);
        }
        else
        {
            U32(1);
            Bytes("mdat"u8);
            U64((ulong)(payloadBytes + 16));
        }
    }

    public void U8(byte value) => Take(1)[0] = value;

    public void U16(ushort value) => BinaryPrimitives.WriteUInt16BigEndian(Take(2), value);

    public void U32(uint value) => BinaryPrimitives.WriteUInt32BigEndian(Take(4), value);

    public void I32(int value) => BinaryPrimitives.WriteInt32BigEndian(Take(4), value);

    public void U64(ulong value) => BinaryPrimitives.WriteUInt64BigEndian(Take(8), value);

    public void I64(long value) => BinaryPrimitives.WriteInt64BigEndian(Take(8), value);

    public void Bytes(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Take(bytes.Length));

    public void Zeros(int count) => Take(count).Clear();

    public void PatchU32(int offset, uint value) => BinaryPrimitives.WriteUInt32BigEndian(_bytes.AsSpan(offset), value);

    /// <summary>Room for the caller to fill; contents are undefined until then.</summary>
    public Span<byte> Take(int count)
    {
        if (_bytes.Length - _length < count)
        {
            Array.Resize(ref _bytes, Math.Max(checked(_length + count), (int)Math.Min(2L * _bytes.Length, Array.MaxLength)));
        }

        Span<byte> taken = _bytes.AsSpan(_length, count);
        _length += count;
        return taken;
    }
}
