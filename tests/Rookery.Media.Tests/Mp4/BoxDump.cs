// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Buffers.Binary;
using System.Text;

namespace Rookery.Media.Tests.Mp4;

/// <summary>Prints boxes as text, so that a change of the bytes is a difference a person can read.</summary>
internal static class BoxDump
{
    private static readonly HashSet<string> Containers = ["moov", "trak", "edts", "mdia", "minf", "dinf", "stbl", "mvex", "moof", "traf"];

    public static string Of(ReadOnlySpan<byte> bytes)
    {
        StringBuilder text = new();
        Dump(bytes, text, "");
        return text.ToString();
    }

    private static void Dump(ReadOnlySpan<byte> bytes, StringBuilder text, string indent)
    {
        while (!bytes.IsEmpty)
        {
            int size = (int)BinaryPrimitives.ReadUInt32BigEndian(bytes);
            string type = Encoding.ASCII.GetString(bytes.Slice(4, 4));
            text.Append(indent).Append(type).Append(' ').Append(size);
            int present = Math.Min(size, bytes.Length);
            if (Containers.Contains(type))
            {
                text.Append('\n');
                Dump(bytes[8..present], text, indent + "  ");
            }
            else
            {
                for (int i = 8; i < present; i++)
                {
                    text.Append((i - 8) % 32 == 0 ? "\n" + indent + "  " : (i - 8) % 4 == 0 ? " " : "").Append(bytes[i].ToString("x2"));
                }

                text.Append('\n');
            }

            bytes = bytes[present..];
        }
    }
}
