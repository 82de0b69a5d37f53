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
    private bool _lost;

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
        if (_lost && _tailLength < RtspResync.DecidingBytes)
        {
            return RtspResync.DecidingBytes - _tailLength;
        }

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
        while (IsRunning && (!_lost || TryFindBack(ref reader, bytes)))
        {
            switch (reader.Read())
            {
                case RtspElement.Interleaved:
                    _lost = false;
                    OnFrame(reader.Channel, reader.Data, bytes[reader.ConsumedBytes..]);
                    break;
                case RtspElement.Message:
                    _lost = false;
                    _garbageBytes = 0;
                    OnMessage(reader.Message!);
                    break;
                case RtspElement.NeedMore:
                    return reader.ConsumedBytes;
                default:
                    LoseFraming(ref reader);
                    break;
            }
        }

        return IsRunning ? reader.ConsumedBytes : bytes.Length;
    }

    /// <summary>What stands here is no element: passes over one byte of it. Before the first SETUP there is nothing to find back to.</summary>
    private void LoseFraming(ref RtspReader reader)
    {
        if (_channelsInUse == 0)
        {
            End(RtspEndReason.NotRtsp, 0, reader.Fault);
            return;
        }

        if (_garbageBytes == 0)
        {
            Note("Bytes between two frames made no sense and were passed over.");
        }

        _lost = true;
        PassOver(ref reader, 1);
    }

    /// <returns><c>false</c> when more bytes are needed to tell.</returns>
    private bool TryFindBack(ref RtspReader reader, ReadOnlySpan<byte> bytes)
    {
        PassOver(ref reader, RtspResync.Find(bytes[reader.ConsumedBytes..], _channelsInUse));
        return IsRunning && bytes.Length - reader.ConsumedBytes >= RtspResync.DecidingBytes;
    }

    private void PassOver(ref RtspReader reader, int count)
    {
        reader.Skip(count);
        _garbageBytes += count;
        if (_garbageBytes > _options.MaxGarbageBytes)
        {
            End(RtspEndReason.Garbage, 0, $"The camera sent {_options.MaxGarbageBytes >> 10} KiB that are no RTSP.");
        }
    }
}
