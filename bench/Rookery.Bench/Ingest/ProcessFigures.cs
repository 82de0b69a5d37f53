// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Globalization;

namespace Rookery.Bench.Ingest;

/// <summary>What the kernel counts of processes, read from /proc.</summary>
/// <param name="CpuSeconds">User and system time of all threads since their start.</param>
/// <param name="WriteCalls">write, pwrite and their kin, sockets' send aside.</param>
/// <param name="WrittenBytes">Bytes handed to the block layer.</param>
/// <param name="Memory">At the reading.</param>
internal readonly record struct ProcessFigures(double CpuSeconds, long WriteCalls, long WrittenBytes, MemoryFigures Memory)
{
    /// <summary>USER_HZ, the same on every Linux of today.</summary>
    private const double TicksPerSecond = 100;

    /// <param name="processes">Their numbers.</param>
    /// <param name="withMemory">Memory too: reading it makes the kernel walk all pages, so not while CPU time is measured.</param>
    public static ProcessFigures Read(IEnumerable<int> processes, bool withMemory = false)
    {
        ProcessFigures sum = default;
        foreach (int process in processes)
        {
            string folder = string.Create(CultureInfo.InvariantCulture, $"/proc/{process}");
            // The name in brackets may hold blanks; fields are counted from behind it: state is field 3, utime 14, stime 15 (proc(5)).
            string stat = File.ReadAllText($"{folder}/stat");
            string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            double ticks = Number(fields[11]) + Number(fields[12]);
            string[] io = File.ReadAllLines($"{folder}/io");
            sum = new(
                sum.CpuSeconds + (ticks / TicksPerSecond),
                sum.WriteCalls + Field(io, "syscw:"),
                sum.WrittenBytes + Field(io, "write_bytes:"),
                withMemory ? sum.Memory + ReadMemory(folder) : sum.Memory);
        }

        return sum;
    }

    public static ProcessFigures operator -(ProcessFigures later, ProcessFigures earlier) => new(
        later.CpuSeconds - earlier.CpuSeconds, later.WriteCalls - earlier.WriteCalls, later.WrittenBytes - earlier.WrittenBytes, later.Memory);

    private static MemoryFigures ReadMemory(string folder)
    {
        string[] lines = File.ReadAllLines($"{folder}/smaps_rollup");
        long all = 1024 * Field(lines, "Pss:");
        return new(all, all - (1024 * Field(lines, "Pss_File:")));
    }

    private static long Field(string[] lines, string name) =>
        Number(lines.First(line => line.StartsWith(name, StringComparison.Ordinal))[name.Length..].Replace("kB", "", StringComparison.Ordinal));

    private static long Number(string text) => long.Parse(text.AsSpan().Trim(), NumberStyles.Integer, CultureInfo.InvariantCulture);
}

/// <summary>Memory in bytes.</summary>
/// <param name="ProportionalBytes">All of it, with what is shared divided among those who share it (PSS).</param>
/// <param name="OwnBytes">Without files that are mapped, which are the run time's libraries: their part depends on who else on the machine has them loaded.</param>
internal readonly record struct MemoryFigures(long ProportionalBytes, long OwnBytes)
{
    public static MemoryFigures operator +(MemoryFigures one, MemoryFigures other) => new(one.ProportionalBytes + other.ProportionalBytes, one.OwnBytes + other.OwnBytes);
}
