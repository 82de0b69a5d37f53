// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Rookery.Foundation.Tests;

public sealed class Crc32CTests
{
    private static readonly Config Seeded = Config.QuickThrowOnFailure.WithReplay(0x5EED, 1).WithMaxTest(300);

    /// <summary>RFC 3720 appendix B.4; the appendix prints the bytes in the order of the wire.</summary>
    public static TheoryData<byte[], uint> Rfc3720Vectors => new()
    {
        { new byte[32], 0x8A9136AA },
        { [.. Enumerable.Repeat((byte)0xFF, 32)], 0x62A8AB43 },
        { [.. Enumerable.Range(0, 32).Select(i => (byte)i)], 0x46DD794E },
        { [.. Enumerable.Range(0, 32).Select(i => (byte)(31 - i))], 0x113FDB5C },
        { Convert.FromHexString("01C000000000000000000000000000001400000000000400000000140000001828000000000000000200000000000000"), 0xD9963A56 },
    };

    [Theory]
    [MemberData(nameof(Rfc3720Vectors))]
    public void The_vectors_of_RFC_3720_come_out(byte[] data, uint expected)
    {
        Crc32C.Compute(data).ShouldBe(expected);
        Crc32CTables.Append(0, data).ShouldBe(expected);
    }

    [Fact]
    public void The_usual_check_word_comes_out_and_nothing_sums_to_zero()
    {
        Crc32C.Compute(Encoding.ASCII.GetBytes("123456789")).ShouldBe(0xE3069283u);
        Crc32C.Compute([]).ShouldBe(0u);
    }

    /// <summary>Every length around the seams of the lanes (8, 3·128, 3·2048 bytes) and of folding (64, 256) at every alignment within a word: all paths against tables.</summary>
    [Fact]
    public void Folding_instruction_and_tables_agree_at_every_seam_and_alignment()
    {
        byte[] data = Bytes(seed: 1, length: 14_000);
        byte[] copy = new byte[data.Length];
        int[] lengths = [.. Enumerable.Range(0, 70), .. Around(256), .. Around(320), .. Around(384), .. Around(512), .. Around(768), .. Around(6144), .. Around(6144 + 384), .. Around(12_288)];
        foreach (int length in lengths)
        {
            for (int start = 0; start < 8; start++)
            {
                ReadOnlySpan<byte> piece = data.AsSpan(start, length);
                uint expected = Crc32CTables.Append(0xDEADBEEF, piece);
                Crc32C.Append(0xDEADBEEF, piece).ShouldBe(expected, $"start {start}, length {length}");
                (~Crc32C.AppendLanes(~0xDEADBEEF, piece)).ShouldBe(expected, $"lanes: start {start}, length {length}");
                Crc32C.CopyAndAppend(0xDEADBEEF, piece, copy).ShouldBe(expected, $"copy: start {start}, length {length}");
            }
        }
    }

    [Fact]
    public void A_sum_may_be_taken_in_pieces_cut_anywhere() =>
        Prop.ForAll(
            ArbMap.Default.ArbFor<byte[]>(),
            ArbMap.Default.ArbFor<NonNegativeInt>(),
            (data, cut) =>
            {
                byte[] longer = [.. Bytes(cut.Get, 7000), .. data];
                int at = (int)((uint)cut.Get * 7919u % (uint)(longer.Length + 1));
                uint whole = Crc32C.Compute(longer);
                uint first = Crc32C.Compute(longer.AsSpan(0, at));
                uint second = Crc32C.Compute(longer.AsSpan(at));
                return Crc32C.Append(first, longer.AsSpan(at)) == whole
                    && Crc32C.Combine(first, second, longer.Length - at) == whole;
            }).Check(Seeded);

    [Fact]
    public void Combining_knows_lengths_beyond_what_memory_holds()
    {
        // (a + b) + c = a + (b + c) with b of 2^40 and c of 2^50 bytes.
        const long B = 1L << 40, C = 1L << 50;
        uint left = Crc32C.Combine(Crc32C.Combine(0x11111111, 0x22222222, B), 0x33333333, C);
        uint right = Crc32C.Combine(0x11111111, Crc32C.Combine(0x22222222, 0x33333333, C), B + C);
        left.ShouldBe(right);
    }

    [Fact]
    public void Every_single_flipped_bit_of_a_sector_changes_the_sum()
    {
        byte[] sector = Bytes(seed: 2, length: 512);
        uint sum = Crc32C.Compute(sector);
        for (int bit = 0; bit < sector.Length * 8; bit++)
        {
            sector[bit / 8] ^= (byte)(1 << (bit % 8));
            Crc32C.Compute(sector).ShouldNotBe(sum);
            sector[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public void Copying_while_summing_copies_all_and_nothing_more()
    {
        foreach (int length in (int[])[0, 1, 7, 255, 256, 257, 319, 320, 384, 6143, 6144, 6145, 20_000])
        {
            byte[] source = Bytes(seed: length, length);
            byte[] destination = new byte[length + 16];
            Crc32C.CopyAndCompute(source, destination).ShouldBe(Crc32C.Compute(source));
            destination.AsSpan(0, length).SequenceEqual(source).ShouldBeTrue();
            destination.AsSpan(length).IndexOfAnyExcept((byte)0).ShouldBe(-1);
        }
    }

    [Fact]
    public void Copying_into_too_small_a_place_is_refused() =>
        Should.Throw<ArgumentException>(() => Crc32C.CopyAndCompute(new byte[10], new byte[9]));

    private static IEnumerable<int> Around(int length) => Enumerable.Range(length - 9, 19);

    private static byte[] Bytes(int seed, int length)
    {
        byte[] bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
