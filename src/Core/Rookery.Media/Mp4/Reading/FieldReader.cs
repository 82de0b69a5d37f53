// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Buffers.Binary;

namespace Rookery.Media.Mp4.Reading;

/// <summary>Reads big-endian fields from front to back. Past the end it yields zeros and <see cref="IsShort"/> stays set: one check at the end is enough.</summary>
internal ref struct FieldReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public bool IsShort { get; private set; }

    public readonly int Remaining => _rest.Length;

    public ReadOnlySpan<byte> Bytes(int count)
    {
        if ((uint)count > (uint)_rest.Length)
        {
            IsShort = true;
            _rest = default;
            return default;
        }

        ReadOnlySpan<byte> taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }

    public void Skip(int count) => Bytes(count);

    public byte U8() => Bytes(1) is { IsEmpty: false } bytes ? bytes[0] : (byte)0;

    public ushort U16() => Bytes(2) is { IsEmpty: false } bytes ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : (ushort)0;

    public uint U32() => Bytes(4) is { IsEmpty: false } bytes ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : 0;

    public int I32() => (int)U32();

    public ulong U64() => Bytes(8) is { IsEmpty: false } bytes ? BinaryPrimitives.ReadUInt64BigEndian(bytes) : 0;

    /// <summary>32 or 64 bits, by the version of the box.</summary>
    public ulong Versioned(byte version) => version == 1 ? U64() : U32();

    /// <summary>Reads version and flags of a full box.</summary>
    public (byte Version, uint Flags) VersionAndFlags()
    {
        uint value = U32();
        return ((byte)(value >> 24), value & 0xFF_FFFF);
    }
}
