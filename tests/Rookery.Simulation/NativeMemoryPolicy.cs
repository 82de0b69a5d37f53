// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Runtime.InteropServices;

namespace Rookery.Simulation;

/// <summary>
/// A simulation opens some hundred stores a second, each with buffers of its own. The C library gives large ones back to the system at once, and half of the time went into getting their pages again;
/// so it is told to keep them.
/// </summary>
internal static partial class NativeMemoryPolicy
{
    private const int TrimThreshold = -1;
    private const int MmapThreshold = -3;

    /// <summary>The most that the GNU C library takes.</summary>
    private const int MostBytes = 32 << 20;

    public static void Keep()
    {
        if (OperatingSystem.IsLinux())
        {
            _ = Set(MmapThreshold, MostBytes);
            _ = Set(TrimThreshold, int.MaxValue);
        }
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int Set(int option, int value);
}
