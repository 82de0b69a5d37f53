// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Runtime.InteropServices;

namespace Rookery.Foundation;

/// <summary>What the system is told about memory. Advice: where it is not understood, nothing happens.</summary>
internal static unsafe partial class Pages
{
    /// <summary>MADV_DONTNEED: the pages are free at once, and read as zeros from then on.</summary>
    private const int DoNotNeed = 4;

    /// <summary>Gives back the pages that lie wholly within <paramref name="pinned"/>, an array made pinned; what it holds is lost.</summary>
    public static void GiveBack(byte[] pinned)
    {
        fixed (byte* bytes = pinned)
        {
            GiveBack(bytes, pinned.Length);
        }
    }

    /// <summary>Gives back the pages that lie wholly within native memory; what it holds is lost.</summary>
    public static void GiveBack(byte* memory, int lengthBytes)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        nuint page = (nuint)Environment.SystemPageSize;
        nuint start = ((nuint)memory + page - 1) & ~(page - 1);
        nuint end = ((nuint)memory + (nuint)lengthBytes) & ~(page - 1);
        if (start < end)
        {
            _ = Advise(start, end - start, DoNotNeed);
        }
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(nuint address, nuint lengthBytes, int advice);
}
