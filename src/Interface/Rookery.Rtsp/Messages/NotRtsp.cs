// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Rtsp;

/// <summary>Recognises, from its first bytes, what a peer speaks that does not speak RTSP: the answer tells a user which port they typed.</summary>
internal static class NotRtsp
{
    /// <summary>Long enough for <c>SET_PARAMETER</c> and any vendor's method; a text without a blank in it is no start line.</summary>
    private const int LongestMethodBytes = 32;

    /// <returns>Empty while the bytes may still become an RTSP message.</returns>
    public static string Recognize(ReadOnlySpan<byte> bytes)
    {
        if (bytes is [0x15 or 0x16, 0x03, ..])
        {
            return "The peer speaks TLS.";
        }

        if (bytes.StartsWith("HTTP/"u8))
        {
            return "The peer speaks HTTP.";
        }

        if (bytes.StartsWith("SSH-"u8))
        {
            return "The peer speaks SSH.";
        }

        int blank = bytes.IndexOf((byte)' ');
        ReadOnlySpan<byte> word = blank < 0 ? bytes[..Math.Min(bytes.Length, LongestMethodBytes + 1)] : bytes[..blank];
        if (word.Length > LongestMethodBytes)
        {
            return "The peer does not speak RTSP.";
        }

        foreach (byte octet in word)
        {
            if (!char.IsAsciiLetterOrDigit((char)octet) && octet is not ((byte)'_' or (byte)'-' or (byte)'/' or (byte)'.'))
            {
                return "The peer does not speak RTSP.";
            }
        }

        return "";
    }
}
