// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Buffers.Binary;

namespace Rookery.Foundation;

/// <summary>CRC-32C for processors without an instruction for it: eight table look-ups for eight bytes.</summary>
internal static class Crc32CTables
{
    private static readonly uint[] Tables = Build();

    public static uint Append(uint crc, ReadOnlySpan<byte> data)
    {
        uint[] tables = Tables;
        uint state = ~crc;
        for (; data.Length >= 8; data = data[8..])
        {
            uint low = state ^ BinaryPrimitives.ReadUInt32LittleEndian(data);
            uint high = BinaryPrimitives.ReadUInt32LittleEndian(data[4..]);
            state = tables[(7 * 256) + (low & 0xFF)]
                ^ tables[(6 * 256) + ((low >> 8) & 0xFF)]
                ^ tables[(5 * 256) + ((low >> 16) & 0xFF)]
                ^ tables[(4 * 256) + (low >> 24)]
                ^ tables[(3 * 256) + (high & 0xFF)]
                ^ tables[(2 * 256) + ((high >> 8) & 0xFF)]
                ^ tables[256 + ((high >> 16) & 0xFF)]
                ^ tables[high >> 24];
        }

        foreach (byte value in data)
        {
            state = (state >> 8) ^ tables[(state ^ value) & 0xFF];
        }

        return ~state;
    }

    /// <summary>Table 0 moves one byte through the register; table n moves it past n further zero bytes.</summary>
    private static uint[] Build()
    {
        uint[] tables = new uint[8 * 256];
        for (uint value = 0; value < 256; value++)
        {
            uint state = value;
            for (int bit = 0; bit < 8; bit++)
            {
                state = (state >> 1) ^ ((state & 1) != 0 ? Crc32CShift.Polynomial : 0);
            }

            tables[value] = state;
        }

        for (int i = 256; i < tables.Length; i++)
        {
            uint before = tables[i - 256];
            tables[i] = (before >> 8) ^ tables[before & 0xFF];
        }

        return tables;
    }
}
