// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Media.Bitstream;

/// <summary>Finds the recovery point among supplemental enhancement information (H.264 §D.1.8, H.265 §D.2.8).</summary>
internal static class RecoveryPoint
{
    private const int PayloadType = 6;
    private const int BytesLookedAt = 256;

    /// <summary>Whether the message is there: from its picture on, decoding leads to correct pictures.</summary>
    /// <param name="message">The SEI NAL unit after its header.</param>
    public static bool IsIn(ReadOnlySpan<byte> message)
    {
        Span<byte> scratch = stackalloc byte[BytesLookedAt];
        ReadOnlySpan<byte> rest = scratch[..Rbsp.Unescape(message, scratch)];
        while (rest.Length > 2)
        {
            int type = ReadCount(ref rest);
            int size = ReadCount(ref rest);
            if (type == PayloadType)
            {
                return true;
            }

            if (size >= rest.Length)
            {
                return false;
            }

            rest = rest[size..];
        }

        return false;
    }

    private static int ReadCount(ref ReadOnlySpan<byte> rest)
    {
        int value = 0;
        while (rest.Length > 0)
        {
            byte next = rest[0];
            rest = rest[1..];
            value += next;
            if (next != 255)
            {
                break;
            }
        }

        return value;
    }
}
