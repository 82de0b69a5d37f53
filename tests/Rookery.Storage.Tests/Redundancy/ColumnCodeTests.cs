// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using Rookery.Foundation;

namespace Rookery.Storage.Tests;

/// <summary>Every path of the processor these tests run on, against <see cref="SlowCode"/>.</summary>
public sealed class ColumnCodeTests
{
    private static readonly Config Seeded = Config.QuickThrowOnFailure.WithReplay(0x5EED, 1).WithMaxTest(200);

    // Around the seams: words, vectors of 16, 32 and 64 bytes, four of them at a time, blocks of 4096.
    private static readonly int[] Lengths = [0, 1, 7, 8, 9, 15, 16, 17, 31, 33, 63, 64, 65, 127, 255, 256, 257, 511, 1000, 4095, 4096, 4097, 8192 + 13];

    public static TheoryData<string> Paths => [.. ParityPath.All.Select(path => path.Name)];

    [Fact]
    public void There_is_a_path_without_vectors_and_the_best_is_the_first()
    {
        ParityPath.All[^1].Name.ShouldBe(nameof(Word64));
        ParityPath.Best.ShouldBe(ParityPath.All[0]);
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void Encoding_gives_what_the_definition_says_for_every_width_and_length(string path)
    {
        foreach (int parity in (int[])[1, 2])
        {
            for (int data = 1; data <= ColumnCode.MaximumDataColumns; data++)
            {
                EncodeAndCompare(path, data, parity, length: Lengths[(data * 7) % Lengths.Length], skew: data % 3);
            }

            foreach (int length in Lengths)
            {
                EncodeAndCompare(path, data: 5, parity, length, skew: 0);
                EncodeAndCompare(path, data: 4, parity, length, skew: 1);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void Any_columns_that_may_be_missing_are_rebuilt_from_the_others(string path)
    {
        for (int data = 1; data <= 10; data++)
        {
            foreach (int parity in (int[])[1, 2])
            {
                RebuildEverySet(path, data, parity, length: 300 + data, skew: data % 2);
            }
        }
    }

    [Fact]
    public void Any_two_of_the_widest_code_are_rebuilt() =>
        RebuildEverySet(ParityPath.Best.Name, ColumnCode.MaximumDataColumns, parity: 2, length: 129, skew: 0);

    [Theory]
    [MemberData(nameof(Paths))]
    public void Columns_of_many_blocks_and_a_tail_are_rebuilt(string path)
    {
        const int Length = (3 * 4096) + 77;
        foreach (ulong missing in (ulong[])[0b1, 0b10_0010, 0b11_0000_0000, 0b1_0000_0100, 0b10_0000_0100])
        {
            Rebuild(path, data: 8, parity: 2, Length, skew: 0, missing);
            Rebuild(path, data: 8, parity: 2, Length, skew: 5, missing);
        }
    }

    [Fact]
    public void Random_codes_survive_random_losses() =>
        Prop.ForAll(
            ArbMap.Default.ArbFor<int>(),
            seed =>
            {
                Random random = new(seed);
                int data = random.Next(1, ColumnCode.MaximumDataColumns + 1);
                int parity = random.Next(0, 3);
                ulong missing = 0;
                for (int i = random.Next(0, parity + 1); i > 0; i--)
                {
                    missing |= 1UL << random.Next(data + parity);
                }

                Rebuild(ParityPath.All[random.Next(ParityPath.All.Count)].Name, data, parity, random.Next(0, 6000), random.Next(0, 64), missing);
            }).Check(Seeded);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Parity_over_one_column_is_a_mirror(int copies)
    {
        using GuardedColumns columns = new(1 + copies, 777, skew: 0);
        byte[][] contents = columns.FillWithCode(1, seed: 3);
        for (int i = 1; i <= copies; i++)
        {
            columns[i].Clear();
        }

        new ColumnCode(1, copies).Encode(columns.Addresses, 777);
        for (int i = 1; i <= copies; i++)
        {
            columns[i].SequenceEqual(contents[0]).ShouldBeTrue();
        }
    }

    /// <summary>A reader who lost two columns and wants one passes no room for the other; every set of two, each of them wanted in turn, and neither.</summary>
    [Fact]
    public void What_is_missing_and_not_wanted_needs_no_room()
    {
        const int Data = 5, Length = 5000;
        for (int first = 0; first < Data + 2; first++)
        {
            for (int second = 0; second < Data + 2; second++)
            {
                ulong missing = (1UL << first) | (1UL << second);
                Rebuild(ParityPath.Best.Name, Data, 2, Length, skew: 0, missing, unwanted: 1UL << second);
                Rebuild(ParityPath.Best.Name, Data, 2, Length, skew: 0, missing, unwanted: missing);
            }
        }
    }

    /// <summary>The first parity comes out of the same pass as the second. A reader may have it mapped for reading only, so not even its own bytes are written to it.</summary>
    [Fact]
    public void A_parity_that_is_there_is_only_read_while_the_other_is_rebuilt()
    {
        using GuardedColumns columns = new(6, 5000, skew: 0);
        byte[][] contents = columns.FillWithCode(4, seed: 8);
        contents[4].AsSpan().Fill(0x11);
        columns[4].Fill(0x11);
        columns[5].Clear();
        new ColumnCode(4, 2).Reconstruct(columns.Addresses, 1 << 5, 5000).ShouldBeTrue();
        Same(columns, contents, "second parity rebuilt");
    }

    [Fact]
    public void More_missing_than_there_is_parity_is_refused_and_nothing_is_written()
    {
        foreach (int parity in (int[])[0, 1, 2])
        {
            using GuardedColumns columns = new(6 + parity, 100, skew: 0);
            byte[][] contents = columns.FillWithCode(6, seed: 4);
            new ColumnCode(6, parity).Reconstruct(columns.Addresses, (1UL << (parity + 1)) - 1, 100).ShouldBeFalse();
            Same(columns, contents, "untouched");
        }
    }

    [Fact]
    public void A_code_without_parity_encodes_and_rebuilds_nothing()
    {
        using GuardedColumns columns = new(1, 100, skew: 0);
        byte[][] contents = columns.FillWithCode(1, seed: 5);
        ColumnCode code = new(1, 0);
        code.Encode(columns.Addresses, 100);
        code.Reconstruct(columns.Addresses, 0, 100).ShouldBeTrue();
        Same(columns, contents, "untouched");
    }

    [Fact]
    public void Wrong_shapes_are_refused()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => new ColumnCode(0, 1));
        Should.Throw<ArgumentOutOfRangeException>(() => new ColumnCode(33, 1));
        Should.Throw<ArgumentOutOfRangeException>(() => new ColumnCode(4, 3));
        Should.Throw<ArgumentOutOfRangeException>(() => new ColumnCode(4, -1));
        ColumnCode code = new(4, 2);
        Should.Throw<ArgumentException>(() => code.Encode(new nint[5], 0));
        Should.Throw<ArgumentException>(() => code.Reconstruct(new nint[7], 1, 0));
        Should.Throw<ArgumentException>(() => code.Reconstruct(new nint[6], 1 << 6, 0));
        Should.Throw<ArgumentException>(() => code.EncodeAndSum(new nint[6], 0, new uint[1]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(8192)]
    [InlineData(20_001)]
    public void Summing_while_encoding_gives_the_checksums_of_the_parity(int length)
    {
        foreach (int parity in (int[])[0, 1, 2])
        {
            using GuardedColumns columns = new(3 + parity, length, skew: 0);
            byte[][] contents = columns.FillWithCode(3, seed: 6);
            uint[] sums = [.. Enumerable.Range(0, parity).Select(i => 17u * (uint)i)];
            new ColumnCode(3, parity).EncodeAndSum(columns.Addresses, (nuint)length, sums);
            Same(columns, contents, "encoded");
            sums.ShouldBe(Enumerable.Range(0, parity).Select(i => Crc32C.Append(17u * (uint)i, contents[3 + i])));
        }
    }

    /// <summary>Beyond the caches stores go past them; aligned or not and with a tail, the bytes are the same.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Columns_too_large_for_the_caches_are_encoded_the_same(int skew)
    {
        const int Length = (11 << 20) + 7;
        using GuardedColumns columns = new(3, Length, skew);
        columns[0].Fill(0x8F);
        columns[1].Fill(0x35);
        columns[1][Length - 1] = 0;
        new ColumnCode(2, 1).Encode(columns.Addresses, Length);
        columns[2][..^1].IndexOfAnyExcept((byte)(0x8F ^ 0x35)).ShouldBe(-1);
        columns[2][Length - 1].ShouldBe((byte)0x8F);
        columns.GuardsAreWhole();
        new ColumnCode(1, 2).Encode(columns.Addresses, Length);
        columns[2].SequenceEqual(columns[0]).ShouldBeTrue();
        columns[1].SequenceEqual(columns[0]).ShouldBeTrue();
        columns.GuardsAreWhole();
    }

    /// <summary>Every path past the caches, with few and with many columns, which are fetched ahead.</summary>
    [Theory]
    [MemberData(nameof(Paths))]
    public unsafe void Stores_past_the_caches_give_the_same_bytes(string name)
    {
        ParityPath path = ParityPath.All.Single(p => p.Name == name);
        foreach (int data in (int[])[1, 4, 7, 8, 13])
        {
            foreach (int length in (int[])[0, 64, 512, 4096, 5003])
            {
                using GuardedColumns columns = new(data + 2, length, skew: 0);
                byte[][] contents = columns.FillWithCode(data, seed: data);
                fixed (nint* at = columns.Addresses)
                {
                    columns[data].Fill(0xEE);
                    path.Sum(at, data, (byte*)at[data], (nuint)length, stream: true);
                    Same(columns, contents, $"{name}, sum of {data}");
                    columns[data].Fill(0xEE);
                    columns[data + 1].Fill(0xEE);
                    path.SumAndHorner(at, data, (byte*)at[data], (byte*)at[data + 1], (nuint)length, stream: true);
                    Same(columns, contents, $"{name}, both of {data}");
                }
            }
        }
    }

    private static void EncodeAndCompare(string path, int data, int parity, int length, int skew)
    {
        using GuardedColumns columns = new(data + parity, length, skew);
        byte[][] contents = columns.FillWithCode(data, seed: length);
        for (int i = data; i < data + parity; i++)
        {
            columns[i].Fill(0xEE);
        }

        Code(path, data, parity).Encode(columns.Addresses, (nuint)length);
        Same(columns, contents, $"{path} {data}+{parity}, {length} bytes");
    }

    private static void RebuildEverySet(string path, int data, int parity, int length, int skew)
    {
        int columns = data + parity;
        for (int first = 0; first < columns; first++)
        {
            Rebuild(path, data, parity, length, skew, 1UL << first);
            for (int second = first + 1; second < columns && parity == 2; second++)
            {
                Rebuild(path, data, parity, length, skew, (1UL << first) | (1UL << second));
            }
        }
    }

    private static void Rebuild(string path, int data, int parity, int length, int skew, ulong missing, ulong unwanted = 0)
    {
        using GuardedColumns columns = new(data + parity, length, skew);
        byte[][] contents = columns.FillWithCode(data, seed: data + length);
        nint[] addresses = columns.Addresses;
        for (ulong left = missing; left != 0; left &= left - 1)
        {
            int lost = BitOperations.TrailingZeroCount(left);
            columns[lost].Fill(0xEE);
            if (((unwanted >> lost) & 1) != 0)
            {
                addresses[lost] = 0;
                columns[lost].Fill(0xDD);
                contents[lost].AsSpan().Fill(0xDD);
            }
        }

        Code(path, data, parity).Reconstruct(addresses, missing, (nuint)length).ShouldBeTrue();
        Same(columns, contents, $"{path} {data}+{parity}, {length} bytes, missing {missing:X}, unwanted {unwanted:X}");
    }

    private static ColumnCode Code(string path, int data, int parity) => new(data, parity, ParityPath.All.Single(p => p.Name == path));

    private static void Same(GuardedColumns columns, byte[][] contents, string what)
    {
        for (int i = 0; i < contents.Length; i++)
        {
            columns[i].SequenceEqual(contents[i]).ShouldBeTrue($"column {i}: {what}");
        }

        columns.GuardsAreWhole();
    }
}
