// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Bench.Parity;

/// <summary>Columns of one size with random bytes, each in aligned memory of its own, as the store has them.</summary>
internal sealed class ColumnSet : IDisposable
{
    private readonly AlignedMemory[] _memory;

    public unsafe ColumnSet(int columns, int lengthBytes)
    {
        _memory = [.. Enumerable.Range(0, columns).Select(_ => new AlignedMemory(lengthBytes))];
        Addresses = new nint[columns];
        Random random = new(columns);
        for (int i = 0; i < columns; i++)
        {
            random.NextBytes(_memory[i].GetSpan());
            Addresses[i] = (nint)_memory[i].Pin().Pointer;
        }
    }

    public nint[] Addresses { get; }

    public Span<byte> this[int column] => _memory[column].GetSpan();

    public void Dispose()
    {
        foreach (AlignedMemory memory in _memory)
        {
            ((IDisposable)memory).Dispose();
        }
    }
}
