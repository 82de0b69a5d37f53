// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Buffers.Binary;

namespace Rookery.Simulation;

/// <summary>The bytes of a sample, made from its name alone: whoever knows stream and decode time knows every byte that must come back.</summary>
internal static class SampleContent
{
    public static void Fill(ulong stream, long decodeTime, Span<byte> destination)
    {
        ulong state = (stream * 0x9E3779B97F4A7C15) ^ (ulong)decodeTime;
        Span<byte> word = stackalloc byte[8];
        while (!destination.IsEmpty)
        {
            // SplitMix64: neighbours in name share nothing in content.
            ulong z = state += 0x9E3779B97F4A7C15;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            BinaryPrimitives.WriteUInt64LittleEndian(word, z ^ (z >> 31));
            int count = Math.Min(8, destination.Length);
            word[..count].CopyTo(destination);
            destination = destination[count..];
        }
    }

    public static bool Matches(ulong stream, long decodeTime, ReadOnlySpan<byte> bytes)
    {
        byte[] expected = new byte[bytes.Length];
        Fill(stream, decodeTime, expected);
        return bytes.SequenceEqual(expected);
    }
}
