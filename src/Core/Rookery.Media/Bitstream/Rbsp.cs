// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Media.Bitstream;

/// <summary>Emulation prevention (H.264 §7.4.1, H.265 §7.4.2): inside a NAL unit, 00 00 03 stands for 00 00.</summary>
public static class Rbsp
{
    /// <summary>Parameter sets longer than this are not looked at: real ones stay below 200 bytes, with all scaling lists below 2,000.</summary>
    public const int MaximumParameterSetBytes = 4096;

    /// <summary>Copies without the prevention bytes until either side ends.</summary>
    /// <returns>Bytes written.</returns>
    public static int Unescape(ReadOnlySpan<byte> nal, Span<byte> destination)
    {
        int written = 0;
        int zeros = 0;
        foreach (byte value in nal)
        {
            if (zeros >= 2 && value == 3)
            {
                zeros = 0;
                continue;
            }

            if (written == destination.Length)
            {
                break;
            }

            destination[written++] = value;
            zeros = value == 0 ? zeros + 1 : 0;
        }

        return written;
    }
}
