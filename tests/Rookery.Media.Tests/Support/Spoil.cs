// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Media.Tests;

/// <summary>The invalid neighbours of valid bytes: flipped, cut, lengthened, with boundary values put in.</summary>
internal static class Spoil
{
    private static readonly byte[] Interesting = [0, 1, 3, 0x7F, 0x80, 0xFE, 0xFF];

    /// <param name="random">Decides.</param>
    /// <param name="source">Stays as it is.</param>
    /// <param name="keep">Bytes at the front that are not touched.</param>
    public static byte[] Bytes(Random random, ReadOnlySpan<byte> source, int keep = 0)
    {
        byte[] bytes = source.ToArray();
        if (bytes.Length <= keep)
        {
            return bytes;
        }

        int at = random.Next(keep, bytes.Length);
        switch (random.Next(5))
        {
            case 0:
                bytes[at] ^= (byte)(1 << random.Next(8));
                return bytes;
            case 1:
                bytes[at] = Interesting[random.Next(Interesting.Length)];
                return bytes;
            case 2:
                return bytes[..at];
            case 3:
                byte[] tail = new byte[random.Next(1, 40)];
                random.NextBytes(tail);
                return [.. bytes, .. tail];
            default:
                random.NextBytes(bytes.AsSpan(at, Math.Min(random.Next(1, 9), bytes.Length - at)));
                return bytes;
        }
    }
}
