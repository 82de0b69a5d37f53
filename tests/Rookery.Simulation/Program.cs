// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Diagnostics;
using System.Globalization;
using Rookery.Simulation;

// Runs the simulations of the video store; the last line counts seeds. A failing seed is printed, and fails again when it is given.
return args switch
{
    ["simulate", .. string[] rest] => await SimulateAsync(new CommandOptions(rest)).ConfigureAwait(false),
    ["killtest", .. string[] rest] => await KillTestAsync(new CommandOptions(rest)).ConfigureAwait(false),
    ["killchild", string disk, string start] => await KillChild.RunAsync(disk, int.Parse(start, CultureInfo.InvariantCulture)).ConfigureAwait(false),
    _ => Usage(),
};

static async Task<int> SimulateAsync(CommandOptions options)
{
    int seed = options.Get("--seed", 1);
    int count = options.Get("--count", 20);
    int commits = options.Get("--commits", 40);
    int images = options.Get("--images", 4);
    CrashReport total = new();
    int failed = 0;
    long begin = Stopwatch.GetTimestamp();
    for (int i = 0; i < count; i++)
    {
        foreach (SimulationKind kind in Enum.GetValues<SimulationKind>())
        {
            try
            {
                total.Add(await Simulations.RunAsync(kind, seed + i, commits, images).ConfigureAwait(false));
            }
            catch (Exception problem) when (problem is not OutOfMemoryException)
            {
                failed++;
                Console.WriteLine($"FAILED {kind}, --seed {seed + i} --count 1 --commits {commits} --images {images}: {problem.Message}");
                Console.WriteLine((problem.InnerException ?? problem).StackTrace);
            }
        }
    }

    double seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;
    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{count / seconds:0.00} seeds/s; {total.Boundaries} crash points, {total.Images} images judged; a start read at most {total.MostReadToStart} bytes before recording, {total.MostReadToRecover} until recovery was done"));
    int tried = count * Enum.GetValues<SimulationKind>().Length;
    Console.WriteLine($"{tried - failed} passed, {failed} failed");
    return failed == 0 ? 0 : 1;
}

static async Task<int> KillTestAsync(CommandOptions options)
{
    string directory = Directory.CreateTempSubdirectory("rookery-kill-").FullName;
    int kills = options.Get("--count", 20);
    try
    {
        long samples = await KillTrial.RunAsync(Path.Combine(directory, "disk"), kills, options.Get("--seed", 1)).ConfigureAwait(false);
        Console.WriteLine($"{kills} kills, {samples} acknowledged samples, none lost");
        Console.WriteLine("1 passed, 0 failed");
        return 0;
    }
    catch (SimulationException problem)
    {
        Console.WriteLine(problem.Message);
        Console.WriteLine("0 passed, 1 failed");
        return 1;
    }
    finally
    {
        Directory.Delete(directory, recursive: true);
    }
}

static int Usage()
{
    Console.Error.WriteLine("usage: Rookery.Simulation simulate [--seed N] [--count N] [--commits N] [--images N] | killtest [--seed N] [--count N]");
    return 2;
}
