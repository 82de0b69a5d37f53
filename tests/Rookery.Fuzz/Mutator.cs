// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Buffers.Binary;

namespace Rookery.Fuzz;

/// <summary>Changes that find the edges of parsers, without knowing what the bytes mean.</summary>
public static class Mutator
{
    private const int MaximumBytes = 1 << 18;

    private static readonly uint[] Edges = [0, 1, 2, 3, 4, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x10000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF];

    /// <summary>One to four changes: bits and bytes, numbers at their edges, pieces cut out, doubled, moved, or put in.</summary>
    public static byte[] Bytes(Random random, byte[] input)
    {
        List<byte> bytes = [.. input];
        for (int changes = random.Next(1, 5); changes > 0; changes--)
        {
            Change(random, bytes);
        }

        return bytes.Count > MaximumBytes ? [.. bytes.Take(MaximumBytes)] : [.. bytes];
    }

    private static void Change(Random random, List<byte> bytes)
    {
        if (bytes.Count == 0)
        {
            bytes.AddRange(Noise(random, 16));
            return;
        }

        int at = random.Next(bytes.Count);
        int length = Math.Min(bytes.Count - at, 1 + random.Next(random.Next(3) == 0 ? 64 : 8));
        switch (random.Next(8))
        {
            case 0:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1:
                bytes[at] = (byte)random.Next(256);
                break;
            case 2:
                PutEdge(random, bytes, at);
                break;
            case 3:
                bytes.RemoveRange(at, length);
                break;
            case 4:
                bytes.InsertRange(at, bytes.GetRange(at, length));
                break;
            case 5:
                bytes.InsertRange(at, Noise(random, length));
                break;
            case 6:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            default:
                List<byte> piece = bytes.GetRange(at, length);
                bytes.RemoveRange(at, length);
                bytes.InsertRange(random.Next(bytes.Count + 1), piece);
                break;
        }
    }

    private static void PutEdge(Random random, List<byte> bytes, int at)
    {
        byte[] number = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(number, Edges[random.Next(Edges.Length)]);
        int width = 1 << random.Next(3);
        for (int i = 0; i < width && at + i < bytes.Count; i++)
        {
            bytes[at + i] = number[4 - width + i];
        }
    }

    private static byte[] Noise(Random random, int length)
    {
        byte[] noise = new byte[length];
        random.NextBytes(noise);
        return noise;
    }
}
