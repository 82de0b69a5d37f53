// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Rtsp;

/// <summary>What a peer may make us hold before a message is complete. Exceeding one is a fault of the message, never an exception.</summary>
public sealed record RtspLimits
{
    public static readonly RtspLimits Default = new();

    /// <summary>Start line and headers together, in bytes; 512 or more. Default 16 KiB: the longest seen in the field, two Digest challenges and a long URL, stay under 2 KiB.</summary>
    public int MaxHeaderBytes
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 512);
            field = value;
        }
    } = 16 << 10;

    /// <summary>Header lines in a message; 8 or more. Default 64: cameras send 5 to 12.</summary>
    public int MaxHeaders
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 8);
            field = value;
        }
    } = 64;

    /// <summary>Body in bytes; 0 allows none. Default 64 KiB: a session description with 30 tracks stays under 16 KiB.</summary>
    public int MaxBodyBytes
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            field = value;
        }
    } = 64 << 10;

    /// <summary>The most bytes that one unfinished element can need: a message at its limits, or the largest interleaved frame (RFC 2326 §10.12).</summary>
    public int MaxElementBytes => Math.Max(MaxHeaderBytes + MaxBodyBytes, InterleavedFrame.MaxFrameBytes);
}
