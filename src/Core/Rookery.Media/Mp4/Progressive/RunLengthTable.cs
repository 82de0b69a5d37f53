// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Media.Mp4.Progressive;

/// <summary>A table of (count, value) as <c>stts</c> and <c>ctts</c> store it, built as the values come.</summary>
internal sealed class RunLengthTable
{
    private readonly BoxWriter _entries = new(256);
    private uint _count;
    private uint _value;

    public void Add(uint value)
    {
        if (_count > 0 && value != _value)
        {
            Flush();
        }

        _value = value;
        _count++;
    }

    /// <summary>Every value so far was 0.</summary>
    public bool IsAllZero => _entries.Length == 0 && _value == 0;

    /// <summary>An upper bound for what <see cref="WriteTo"/> appends.</summary>
    public int Bytes => _entries.Length + 24;

    public void WriteTo(BoxWriter writer, ReadOnlySpan<byte> type, byte version)
    {
        if (_count > 0)
        {
            Flush();
        }

        int box = writer.Begin(type, version, 0);
        writer.U32((uint)_entries.Length / 8);
        writer.Bytes(_entries.Span);
        writer.End(box);
    }

    private void Flush()
    {
        _entries.U32(_count);
        _entries.U32(_value);
        _count = 0;
    }
}
