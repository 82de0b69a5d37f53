// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Rookery.Foundation.Tests;

public sealed class AlignedMemoryTests
{
    [Theory]
    [InlineData(4096)]
    [InlineData(1 << 20)]
    public void Memory_begins_at_a_page_and_has_the_length_asked_for(int length)
    {
        using AlignedMemory memory = new(length);
        Span<byte> span = memory.GetSpan();
        span.Length.ShouldBe(length);
        Address(span).ShouldBe(0);
        span.Fill(0xA5);
        memory.Memory.Span[^1].ShouldBe((byte)0xA5);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-4096)]
    [InlineData(4095)]
    [InlineData(4097)]
    public void A_length_that_is_no_positive_multiple_of_a_page_is_refused(int length) =>
        Should.Throw<ArgumentOutOfRangeException>(() => new AlignedMemory(length));

    [Fact]
    public void After_disposal_its_bytes_cannot_be_reached()
    {
        AlignedMemory memory = new(4096);
        ((IDisposable)memory).Dispose();
        Should.Throw<ObjectDisposedException>(() => memory.GetSpan().Length);
        ((IDisposable)memory).Dispose();
    }

    [Fact]
    public unsafe void A_pinned_place_is_the_place_of_the_span()
    {
        using AlignedMemory memory = new(8192);
        using MemoryHandle handle = memory.Memory[100..].Pin();
        ((nint)handle.Pointer).ShouldBe((nint)Unsafe.AsPointer(ref memory.GetSpan()[100]));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 4096)]
    [InlineData(4096, 4096)]
    [InlineData(4097, 8192)]
    [InlineData(5_000_000_000_001, 5_000_000_004_096)]
    public void Rounding_goes_up_to_the_next_page(long bytes, long expected) => AlignedMemory.RoundUp(bytes).ShouldBe(expected);

    private static unsafe nint Address(Span<byte> span) => (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(span)) % AlignedMemory.Alignment;

    [Fact]
    public void Pages_that_are_given_back_come_back_as_zeros_and_those_before_them_keep_what_they_held()
    {
        using AlignedMemory memory = new(4 * AlignedMemory.Alignment);
        memory.GetSpan().Fill(7);
        memory.GiveBackFrom(2 * AlignedMemory.Alignment);
        memory.GetSpan()[..(2 * AlignedMemory.Alignment)].ContainsAnyExcept((byte)7).ShouldBeFalse();
        memory.GetSpan()[(2 * AlignedMemory.Alignment)..].ContainsAnyExcept((byte)0).ShouldBeFalse();
    }
}
