// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Buffers.Binary;

namespace Rookery.Media.Mp4.Reading;

/// <summary>A box in memory: its type and what is in it. Reading never leaves the span it was given.</summary>
internal readonly ref struct Box
{
    private Box(ReadOnlySpan<byte> type, ReadOnlySpan<byte> body)
    {
        Type = type;
        Body = body;
    }

    public ReadOnlySpan<byte> Type { get; }
    public ReadOnlySpan<byte> Body { get; }

    public bool Is(ReadOnlySpan<byte> type) => Type.SequenceEqual(type);

    /// <summary>Takes the next box off <paramref name="rest"/>; <c>false</c> at the end, or where no whole box follows.</summary>
    public static bool TryNext(scoped ref ReadOnlySpan<byte> rest, out Box box)
    {
        box = default;
        if (rest.Length < 8)
        {
            return false;
        }

        ulong size = BinaryPrimitives.ReadUInt32BigEndian(rest);
        int head = 8;
        if (size == 1)
        {
            if (rest.Length < 16)
            {
                return false;
            }

            size = BinaryPrimitives.ReadUInt64BigEndian(rest[8..]);
            head = 16;
        }
        else if (size == 0)
        {
            size = (ulong)rest.Length; // to the end of what encloses it (§4.2)
        }

        if (size < (ulong)head || size > (ulong)rest.Length)
        {
            return false;
        }

        box = new Box(rest.Slice(4, 4), rest[head..(int)size]);
        rest = rest[(int)size..];
        return true;
    }

    /// <summary>The first child of this type, or an empty span.</summary>
    public static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> body, ReadOnlySpan<byte> type)
    {
        while (TryNext(ref body, out Box box))
        {
            if (box.Is(type))
            {
                return box.Body;
            }
        }

        return default;
    }

    /// <summary>Follows a path of children, four letters each: <c>"mdiaminfstbl"</c>.</summary>
    public static ReadOnlySpan<byte> Descend(ReadOnlySpan<byte> body, ReadOnlySpan<byte> path)
    {
        for (; !path.IsEmpty && !body.IsEmpty; path = path[4..])
        {
            body = Find(body, path[..4]);
        }

        return body;
    }
}
