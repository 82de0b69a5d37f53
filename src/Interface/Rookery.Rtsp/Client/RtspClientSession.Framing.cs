// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Buffers.Binary;
using Rookery.Foundation;

namespace Rookery.Rtsp;

/// <summary>From bytes to elements: the tail that a read cut off, and finding back into a stream that lost its framing.</summary>
public sealed partial class RtspClientSession
{
    /// <summary>Holds one packet of the usual size; grows with what is cut, and shrinks back after something large.</summary>
    private const int UsualTailBytes = 2048;

    private byte[] _tail = [];
    private int _tailLength;
    private int _garbageBytes;

    /// <summary>Takes bytes of the connection as they came.</summary>
    /// <param name="bytes">Used during the call only.</param>
    /// <param name="now">When they were read.</param>
    public void Receive(ReadOnlySpan<byte> bytes, MonotonicTime now)
    {
        _now = now;
        while (_tailLength > 0 && !bytes.IsEmpty && IsRunning)
        {
            bytes = bytes[CompleteTail(bytes)..];
        }

        if (!bytes.IsEmpty && IsRunning)
        {
            int consumed = Consume(bytes);
            if (IsRunning)
            {
                AppendToTail(bytes[consumed..]);
            }
        }
    }

    private bool IsRunning => _state is SessionState.Handshake or SessionState.Playing;

    /// <summary>Adds just enough to the tail to end the element in it, and goes through it.</summary>
    /// <returns>How many of <paramref name="bytes"/> are dealt with.</returns>
    private int CompleteTail(ReadOnlySpan<byte> bytes)
    {
        int taken = Math.Min(MissingInTail(), bytes.Length);
        AppendToTail(bytes[..taken]);
        int consumed = Consume(_tail.AsSpan(0, _tailLength));
        int rest = _tailLength - consumed;
        if (consumed > 0 && rest <= taken)
        {
            // What is left came from this read: it goes on in place there.
            _tailLength = 0;
            if (_tail.Length > UsualTailBytes * 8)
            {
                _tail = [];
            }

            return taken - rest;
        }

        _tail.AsSpan(consumed, rest).CopyTo(_tail);
        _tailLength = rest;
        return taken;
    }

    /// <summary>At least 1: bytes without which the element in the tail cannot end.</summary>
    private int MissingInTail()
    {
        if (_tail[0] != InterleavedFrame.Magic)
        {
            // The end of a message is not known beforehand; the parser refuses what is longer than this.
            return Math.Max(1, _options.Limits.MaxElementBytes - _tailLength);
        }

        return _tailLength < InterleavedFrame.HeaderBytes
            ? InterleavedFrame.HeaderBytes - _tailLength
            : Math.Max(1, InterleavedFrame.HeaderBytes + BinaryPrimitives.ReadUInt16BigEndian(_tail.AsSpan(2)) - _tailLength);
    }

    private void AppendToTail(ReadOnlySpan<byte> bytes)
    {
        int needed = _tailLength + bytes.Length;
        if (needed > _tail.Length)
        {
            Array.Resize(ref _tail, Math.Max(UsualTailBytes, (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)needed)));
        }

        bytes.CopyTo(_tail.AsSpan(_tailLength));
        _tailLength = needed;
    }

    /// <returns>How many bytes are dealt with; the rest is the beginning of an element.</returns>
    private int Consume(ReadOnlySpan<byte> bytes)
    {
        RtspReader reader = new(bytes, _options.Limits);
        while (IsRunning)
        {
            switch (reader.Read())
            {
                case RtspElement.Interleaved:
                    OnFrame(reader.Channel, reader.Data, bytes[reader.ConsumedBytes..]);
                    break;
                case RtspElement.Message:
                    _garbageBytes = 0;
                    OnMessage(reader.Message!);
                    break;
                case RtspElement.NeedMore:
                    return reader.ConsumedBytes;
                default:
                    int skip = Resync(bytes[reader.ConsumedBytes..], reader.Fault);
                    reader.Skip(skip);
                    break;
            }
        }

        return bytes.Length;
    }

    /// <returns>Bytes to pass over, at least 1.</returns>
    private int Resync(ReadOnlySpan<byte> bytes, string fault)
    {
        if (_channelsInUse == 0)
        {
            End(RtspEndReason.NotRtsp, 0, fault);
            return bytes.Length;
        }

        int skip = 1 + RtspResync.Find(bytes[1..], _channelsInUse);
        if (_garbageBytes == 0)
        {
            Note("Bytes between two frames made no sense and were passed over.");
        }

        _garbageBytes += skip;
        if (_garbageBytes > _options.MaxGarbageBytes)
        {
            End(RtspEndReason.Garbage, 0, $"The camera sent {_options.MaxGarbageBytes >> 10} KiB that are no RTSP.");
        }

        return skip;
    }
}
