// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Buffers.Binary;

namespace Rookery.Rtsp;

/// <summary>What stands at the front of a buffer.</summary>
public enum RtspElement : byte
{
    /// <summary>The rest of the buffer is the beginning of something: read more bytes and ask again with all of them.</summary>
    NeedMore,

    /// <summary><see cref="RtspReader.Channel"/> and <see cref="RtspReader.Data"/> hold an interleaved frame.</summary>
    Interleaved,

    /// <summary><see cref="RtspReader.Message"/> holds a request or a response.</summary>
    Message,

    /// <summary>Not RTSP; <see cref="RtspReader.Fault"/> says how. Nothing was consumed.</summary>
    Malformed,
}

/// <summary>
/// Cuts a byte stream into interleaved frames and messages, in place: frames are spans of the caller's buffer, only messages allocate.
/// Shared by client and server; keeps no bytes, so the caller keeps what was not consumed.
/// </summary>
/// <remarks>
/// Tolerated, because devices do it: lines that end in LF alone, empty lines between messages, white space before a colon, folded lines,
/// lines without a colon (skipped), a status line without a reason, RTSP of any version number.
/// </remarks>
public ref struct RtspReader
{
    private readonly ReadOnlySpan<byte> _bytes;
    private readonly RtspLimits _limits;

    public RtspReader(ReadOnlySpan<byte> bytes, RtspLimits limits)
    {
        _bytes = bytes;
        _limits = limits;
        Fault = "";
    }

    /// <summary>Bytes of the buffer that need not be shown again.</summary>
    public int ConsumedBytes { get; private set; }

    /// <summary>Channel of the interleaved frame just read.</summary>
    public byte Channel { get; private set; }

    /// <summary>Data of the interleaved frame just read: a part of the caller's buffer.</summary>
    public ReadOnlySpan<byte> Data { get; private set; }

    /// <summary>The message just read.</summary>
    public RtspMessage? Message { get; private set; }

    /// <summary>What is wrong, in words for a person; holds nothing of the bytes themselves.</summary>
    public string Fault { get; private set; }

    /// <summary>Reads the next element.</summary>
    public RtspElement Read()
    {
        ReadOnlySpan<byte> rest = _bytes[ConsumedBytes..];
        if (rest.Length >= InterleavedFrame.HeaderBytes && rest[0] == InterleavedFrame.Magic)
        {
            return ReadFrame(rest);
        }

        // Empty lines before a message: Content-Length of some cameras leaves out the line end of the last SDP line.
        int blank = rest.IndexOfAnyExcept((byte)'\r', (byte)'\n');
        if (blank != 0)
        {
            int skip = blank < 0 ? rest.Length : blank;
            ConsumedBytes += skip;
            rest = rest[skip..];
            if (rest.Length >= InterleavedFrame.HeaderBytes && rest[0] == InterleavedFrame.Magic)
            {
                return ReadFrame(rest);
            }
        }

        if (rest.IsEmpty || rest[0] == InterleavedFrame.Magic)
        {
            return RtspElement.NeedMore;
        }

        RtspElement element = RtspMessageParser.Parse(rest, _limits, out RtspMessage? message, out int consumed, out string fault);
        Message = message;
        Fault = fault;
        ConsumedBytes += consumed;
        return element;
    }

    /// <summary>Passes over bytes that the caller has decided to give up, to read on behind them.</summary>
    public void Skip(int count) => ConsumedBytes += count;

    private RtspElement ReadFrame(ReadOnlySpan<byte> rest)
    {
        int length = BinaryPrimitives.ReadUInt16BigEndian(rest[2..]);
        if (rest.Length - InterleavedFrame.HeaderBytes < length)
        {
            return RtspElement.NeedMore;
        }

        Channel = rest[1];
        Data = rest.Slice(InterleavedFrame.HeaderBytes, length);
        ConsumedBytes += InterleavedFrame.HeaderBytes + length;
        return RtspElement.Interleaved;
    }
}
