// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Media.Mp4;

/// <summary>Writes the sample entry (ISO/IEC 14496-12 §8.5.2) that describes one <see cref="TrackFormat"/>.</summary>
internal static class SampleEntry
{
    /// <summary>Object type indications, as registered with the MP4 registration authority: MPEG-4 audio and JPEG.</summary>
    private const byte ObjectTypeAac = 0x40;
    private const byte ObjectTypeJpeg = 0x6C;
    private const byte StreamTypeVisual = 4;
    private const byte StreamTypeAudio = 5;

    public static void Write(BoxWriter writer, TrackFormat format)
    {
        switch (format.Codec)
        {
            case Codec.H264:
                Visual(writer, "avc1"u8, "avcC"u8, format);
                break;
            case Codec.H265:
                Visual(writer, "hvc1"u8, "hvcC"u8, format);
                break;
            case Codec.Jpeg:
                Visual(writer, "mp4v"u8, "esds"u8, format);
                break;
            case Codec.Aac:
                Audio(writer, "mp4a"u8, "esds"u8, format);
                break;
            case Codec.Opus:
                Audio(writer, "Opus"u8, "dOps"u8, format);
                break;
            case Codec.Pcmu:
                Audio(writer, "ulaw"u8, default, format);
                break;
            case Codec.Pcma:
                Audio(writer, "alaw"u8, default, format);
                break;
            default:
                throw new ArgumentException($"MP4 has no sample entry for {format.Codec} here.", nameof(format));
        }
    }

    /// <summary>VisualSampleEntry, §12.1.3.</summary>
    private static void Visual(BoxWriter writer, ReadOnlySpan<byte> type, ReadOnlySpan<byte> configuration, TrackFormat format)
    {
        int entry = writer.Begin(type);
        writer.Zeros(6);
        writer.U16(1); // data_reference_index
        writer.Zeros(16);
        writer.U16((ushort)format.Width);
        writer.U16((ushort)format.Height);
        writer.U32(0x0048_0000); // 72 dots per inch, the value the standard fixes
        writer.U32(0x0048_0000);
        writer.U32(0);
        writer.U16(1); // frame_count
        writer.Zeros(32); // compressorname
        writer.U16(24); // depth
        writer.U16(0xFFFF); // pre_defined = -1
        Configuration(writer, configuration, format);
        writer.End(entry);
    }

    /// <summary>AudioSampleEntry, §12.2.3.</summary>
    private static void Audio(BoxWriter writer, ReadOnlySpan<byte> type, ReadOnlySpan<byte> configuration, TrackFormat format)
    {
        int entry = writer.Begin(type);
        writer.Zeros(6);
        writer.U16(1);
        writer.Zeros(8);
        writer.U16((ushort)Math.Max(1, format.Channels));
        writer.U16(16); // bits of a decoded sample
        writer.U32(0);
        // 16.16: rates above 65535 do not fit, and players then take the one in the codec's own description.
        writer.U32(format.SampleRate <= ushort.MaxValue ? (uint)format.SampleRate << 16 : 0);
        if (!configuration.IsEmpty)
        {
            Configuration(writer, configuration, format);
        }

        writer.End(entry);
    }

    private static void Configuration(BoxWriter writer, ReadOnlySpan<byte> type, TrackFormat format)
    {
        if (type.SequenceEqual("esds"u8))
        {
            int esds = writer.Begin(type, 0, 0);
            if (format.Codec == Codec.Jpeg)
            {
                ElementaryStream(writer, ObjectTypeJpeg, StreamTypeVisual, default);
            }
            else
            {
                ElementaryStream(writer, ObjectTypeAac, StreamTypeAudio, format.CodecPrivate.Span);
            }

            writer.End(esds);
            return;
        }

        int box = writer.Begin(type);
        writer.Bytes(format.CodecPrivate.Span);
        writer.End(box);
    }

    /// <summary>ES_Descriptor (ISO/IEC 14496-1 §7.2.6.5) with a DecoderConfigDescriptor, its DecoderSpecificInfo and an SLConfigDescriptor.</summary>
    private static void ElementaryStream(BoxWriter writer, byte objectType, byte streamType, ReadOnlySpan<byte> specific)
    {
        // Each descriptor is a tag, a size in one byte, and a body; a size byte holds at most 127.
        int specificBytes = specific.IsEmpty ? 0 : 2 + specific.Length;
        int configBytes = 13 + specificBytes;
        int streamBytes = 3 + 2 + configBytes + 3;
        if (streamBytes > 127)
        {
            throw new ArgumentException("The AudioSpecificConfig is longer than any that exists.", nameof(specific));
        }

        writer.U8(0x03);
        writer.U8((byte)streamBytes);
        writer.U16(0); // ES_ID, 0 inside a file
        writer.U8(0);
        writer.U8(0x04);
        writer.U8((byte)configBytes);
        writer.U8(objectType);
        writer.U8((byte)((streamType << 2) | 1)); // upStream = 0, reserved = 1
        writer.Zeros(3 + 4 + 4); // buffer size and bit rates: not known
        if (!specific.IsEmpty)
        {
            writer.U8(0x05);
            writer.U8((byte)specific.Length);
            writer.Bytes(specific);
        }

        writer.U8(0x06);
        writer.U8(1);
        writer.U8(2); // predefined: for use in MP4 files
    }
}
