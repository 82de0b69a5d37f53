// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Media.Rtp;

/// <summary>Parameter sets of a session description (RFC 6184 §8.1, RFC 7798 §7.1): base64, separated by commas.</summary>
internal static class SpropParameterSets
{
    /// <summary>Sets that can be read; empty ones, and those that are not base64, are passed over. A start code before the set is taken off.</summary>
    public static IEnumerable<byte[]> Parse(string? value)
    {
        if (value is null)
        {
            yield break;
        }

        foreach (string part in value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            // Some cameras forget the padding.
            string padded = part.TrimEnd('=');
            padded = padded.PadRight((padded.Length + 3) & ~3, '=');
            byte[] bytes = new byte[padded.Length];
            if (Convert.TryFromBase64String(padded, bytes, out int length))
            {
                byte[] nal = WithoutStartCode(bytes.AsSpan(0, length)).ToArray();
                if (nal.Length > 2)
                {
                    yield return nal;
                }
            }
        }
    }

    /// <summary>A NAL unit never ends with a zero byte (H.264 §7.4.1); cameras that pad would otherwise seem to change their parameter sets.</summary>
    public static ReadOnlySpan<byte> TrimTrailingZeros(ReadOnlySpan<byte> nal)
    {
        ReadOnlySpan<byte> trimmed = nal.TrimEnd((byte)0);
        return trimmed.IsEmpty ? nal[..1] : trimmed;
    }

    private static ReadOnlySpan<byte> WithoutStartCode(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith("\0\0\0\u0001"u8) ? bytes[4..] : bytes.StartsWith("\0\0\u0001"u8) ? bytes[3..] : bytes;
}
