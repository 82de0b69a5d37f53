// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Runtime.InteropServices;

namespace Rookery.Storage.Tests;

/// <summary>Columns in native memory, each at an offset of its own from an aligned address and with bytes on both sides that nobody may touch.</summary>
internal sealed unsafe class GuardedColumns : IDisposable
{
    private const int Guard = 256;
    private const byte Untouched = 0xA7;

    private readonly byte*[] _memory;
    private readonly int _length;
    private readonly int _skew;

    /// <param name="columns">How many.</param>
    /// <param name="length">Bytes of each.</param>
    /// <param name="skew">Column i begins i·skew bytes (modulo 64) behind an aligned address.</param>
    public GuardedColumns(int columns, int length, int skew)
    {
        _length = length;
        _skew = skew;
        _memory = new byte*[columns];
        for (int i = 0; i < columns; i++)
        {
            _memory[i] = (byte*)NativeMemory.AlignedAlloc((nuint)(length + (2 * Guard)), 64);
            new Span<byte>(_memory[i], length + (2 * Guard)).Fill(Untouched);
        }
    }

    public nint[] Addresses => [.. Enumerable.Range(0, _memory.Length).Select(i => (nint)(_memory[i] + Start(i)))];

    public Span<byte> this[int column] => new(_memory[column] + Start(column), _length);

    /// <summary>Fills all columns: data at random, and parity as <see cref="SlowCode"/> says.</summary>
    public byte[][] FillWithCode(int data, int seed)
    {
        Random random = new(seed);
        byte[][] contents = new byte[_memory.Length][];
        for (int i = 0; i < data; i++)
        {
            contents[i] = new byte[_length];
            random.NextBytes(contents[i]);
        }

        for (int i = data; i < contents.Length; i++)
        {
            contents[i] = i == data ? SlowCode.First(contents[..data]) : SlowCode.Second(contents[..data]);
        }

        for (int i = 0; i < contents.Length; i++)
        {
            contents[i].CopyTo(this[i]);
        }

        return contents;
    }

    public void GuardsAreWhole()
    {
        for (int i = 0; i < _memory.Length; i++)
        {
            new Span<byte>(_memory[i], Start(i)).IndexOfAnyExcept(Untouched).ShouldBe(-1, $"before column {i}");
            new Span<byte>(_memory[i] + Start(i) + _length, (2 * Guard) - Start(i)).IndexOfAnyExcept(Untouched).ShouldBe(-1, $"behind column {i}");
        }
    }

    public void Dispose()
    {
        foreach (byte* memory in _memory)
        {
            NativeMemory.AlignedFree(memory);
        }
    }

    private int Start(int column) => (Guard / 2) + (column * _skew % 64);
}
