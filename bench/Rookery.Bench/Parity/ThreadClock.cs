// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Runtime.InteropServices;

namespace Rookery.Bench.Parity;

/// <summary>CPU time of the calling thread: what a core does in a second, also when others want the core.</summary>
internal static unsafe partial class ThreadClock
{
    private const int ThreadCpuTime = 3;

    public static double Seconds
    {
        get
        {
            long* time = stackalloc long[2];
            _ = ClockGetTime(ThreadCpuTime, time);
            return time[0] + (time[1] * 1e-9);
        }
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int ClockGetTime(int clock, long* secondsAndNanoseconds);
}
