// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace Rookery.Media;

/// <summary>The form in which the video store keeps a format; every byte is told in docs/formats/track-format.md.</summary>
public sealed partial record TrackFormat
{
    private const byte Version = 1;
    private const int FixedBytes = 36;

    /// <summary>Longest codec description kept, in bytes: parameter sets of real cameras take some hundred.</summary>
    public const int MaximumCodecPrivateBytes = 32 * 1024;

    public byte[] ToBytes()
    {
        byte[] bytes = new byte[FixedBytes + CodecPrivate.Length];
        bytes[0] = Version;
        bytes[1] = (byte)Codec;
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2), (ushort)ReorderDepth);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(4), Timescale);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(8), Width);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(12), Height);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(16), Channels);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(20), SampleRate);
        BinaryPrimitives.WriteDoubleBigEndian(bytes.AsSpan(24), NominalFrameRate);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(32), CodecPrivate.Length);
        CodecPrivate.Span.CopyTo(bytes.AsSpan(FixedBytes));
        return bytes;
    }

    /// <summary>Reads what <see cref="ToBytes"/> wrote.</summary>
    /// <returns><c>false</c> when the bytes are of an unknown version, too short, or say what cannot be.</returns>
    public static bool TryParse(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out TrackFormat? format)
    {
        format = null;
        if (bytes.Length < FixedBytes || bytes[0] != Version || !Enum.IsDefined((Codec)bytes[1]))
        {
            return false;
        }

        int privateLength = BinaryPrimitives.ReadInt32BigEndian(bytes[32..]);
        int timescale = BinaryPrimitives.ReadInt32BigEndian(bytes[4..]);
        if (privateLength < 0 || privateLength > MaximumCodecPrivateBytes || bytes.Length != FixedBytes + privateLength || timescale <= 0)
        {
            return false;
        }

        format = new TrackFormat
        {
            Codec = (Codec)bytes[1],
            ReorderDepth = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]),
            Timescale = timescale,
            Width = BinaryPrimitives.ReadInt32BigEndian(bytes[8..]),
            Height = BinaryPrimitives.ReadInt32BigEndian(bytes[12..]),
            Channels = BinaryPrimitives.ReadInt32BigEndian(bytes[16..]),
            SampleRate = BinaryPrimitives.ReadInt32BigEndian(bytes[20..]),
            NominalFrameRate = BinaryPrimitives.ReadDoubleBigEndian(bytes[24..]),
            CodecPrivate = bytes[FixedBytes..].ToArray(),
        };
        return format.Width >= 0 && format.Height >= 0 && format.Channels >= 0 && format.SampleRate >= 0
            && double.IsFinite(format.NominalFrameRate) && format.NominalFrameRate >= 0;
    }
}
