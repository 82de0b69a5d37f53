// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Media.Bitstream;

namespace Rookery.Media.Mp4.Reading;

/// <summary>Turns sample entries (<c>stsd</c>, §8.5.2) into formats.</summary>
internal static class SampleEntryReader
{
    private const int VisualEntryBytes = 78;
    private const int AudioEntryBytes = 28;

    /// <summary>Formats in the order of the entries; <c>null</c> when one of them is of a coding Rookery does not know.</summary>
    public static IReadOnlyList<TrackFormat>? Read(ReadOnlySpan<byte> stsd, int timescale)
    {
        if (stsd.Length < 8)
        {
            throw new InvalidDataException("The sample description (stsd) is missing.");
        }

        List<TrackFormat> formats = [];
        ReadOnlySpan<byte> rest = stsd[8..];
        while (Box.TryNext(ref rest, out Box entry))
        {
            if (ReadEntry(entry, timescale) is not { } format)
            {
                return null;
            }

            formats.Add(format);
        }

        return formats.Count > 0 ? formats : null;
    }

    private static TrackFormat? ReadEntry(in Box entry, int timescale)
    {
        if (entry.Is("avc1"u8) || entry.Is("avc3"u8))
        {
            return Visual(entry.Body, "avcC"u8, Codec.H264, timescale);
        }

        if (entry.Is("hvc1"u8) || entry.Is("hev1"u8))
        {
            return Visual(entry.Body, "hvcC"u8, Codec.H265, timescale);
        }

        if (entry.Is("mp4v"u8) || entry.Is("jpeg"u8) || entry.Is("mjpa"u8))
        {
            bool isJpeg = !entry.Is("mp4v"u8) || ReadElementaryStream(entry.Body, VisualEntryBytes).ObjectType == 0x6C;
            return isJpeg ? Visual(entry.Body, default, Codec.Jpeg, timescale) : null;
        }

        if (entry.Is("mp4a"u8))
        {
            (byte objectType, byte[] specific) = ReadElementaryStream(entry.Body, AudioEntryBytes);
            TrackFormat? format = objectType == 0x40 ? Audio(entry.Body, specific, Codec.Aac, timescale) : null;
            // Writers put 2 into the entry whatever the stream has; the AudioSpecificConfig knows.
            return format is not null && AudioSpecificConfig.TryParse(specific, out AudioSpecificConfig audio) ? format with { Channels = audio.Channels } : format;
        }

        if (entry.Is("Opus"u8))
        {
            ReadOnlySpan<byte> description = entry.Body.Length > AudioEntryBytes ? Box.Find(entry.Body[AudioEntryBytes..], "dOps"u8) : default;
            return description.IsEmpty ? null : Audio(entry.Body, description.ToArray(), Codec.Opus, timescale);
        }

        if (entry.Is("ulaw"u8) || entry.Is("alaw"u8))
        {
            return Audio(entry.Body, [], entry.Is("ulaw"u8) ? Codec.Pcmu : Codec.Pcma, timescale);
        }

        return null;
    }

    private static TrackFormat? Visual(ReadOnlySpan<byte> entry, ReadOnlySpan<byte> configuration, Codec codec, int timescale)
    {
        FieldReader fields = new(entry);
        fields.Skip(24);
        int width = fields.U16();
        int height = fields.U16();
        ReadOnlySpan<byte> description = configuration.IsEmpty || entry.Length < VisualEntryBytes ? default : Box.Find(entry[VisualEntryBytes..], configuration);
        return fields.IsShort || (description.IsEmpty && !configuration.IsEmpty)
            ? null
            : new TrackFormat { Codec = codec, Timescale = timescale, Width = width, Height = height, CodecPrivate = description.ToArray() };
    }

    private static TrackFormat? Audio(ReadOnlySpan<byte> entry, byte[] description, Codec codec, int timescale)
    {
        FieldReader fields = new(entry);
        fields.Skip(16);
        int channels = fields.U16();
        fields.Skip(6);
        int sampleRate = (int)(fields.U32() >> 16);
        return fields.IsShort
            ? null
            : new TrackFormat { Codec = codec, Timescale = timescale, Channels = channels, SampleRate = sampleRate == 0 ? timescale : sampleRate, CodecPrivate = description };
    }

    /// <summary>Object type and DecoderSpecificInfo of an <c>esds</c> (ISO/IEC 14496-1 §7.2.6); object type 0 when there is none.</summary>
    private static (byte ObjectType, byte[] Specific) ReadElementaryStream(ReadOnlySpan<byte> entry, int entryBytes)
    {
        ReadOnlySpan<byte> esds = entry.Length > entryBytes ? Box.Find(entry[entryBytes..], "esds"u8) : default;
        if (esds.Length < 4)
        {
            return (0, []);
        }

        ReadOnlySpan<byte> stream = Descriptor(esds[4..], 0x03);
        FieldReader fields = new(stream);
        fields.Skip(2);
        byte flags = fields.U8();
        fields.Skip((flags & 0x80) != 0 ? 2 : 0);
        fields.Skip((flags & 0x40) != 0 ? fields.U8() : 0);
        fields.Skip((flags & 0x20) != 0 ? 2 : 0);
        ReadOnlySpan<byte> configuration = Descriptor(fields.Bytes(fields.Remaining), 0x04);
        return configuration.Length < 13 ? ((byte)0, []) : (configuration[0], Descriptor(configuration[13..], 0x05).ToArray());
    }

    /// <summary>The body of the first descriptor with this tag; sizes are in groups of seven bits (§8.3.3).</summary>
    private static ReadOnlySpan<byte> Descriptor(ReadOnlySpan<byte> bytes, byte tag)
    {
        FieldReader fields = new(bytes);
        while (fields.Remaining > 1)
        {
            byte found = fields.U8();
            int size = 0;
            byte part = 0x80;
            for (int i = 0; i < 4 && (part & 0x80) != 0; i++)
            {
                part = fields.U8();
                size = (size << 7) | (part & 0x7F);
            }

            ReadOnlySpan<byte> body = fields.Bytes(size);
            if (found == tag)
            {
                return body;
            }
        }

        return default;
    }
}
