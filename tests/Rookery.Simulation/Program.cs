// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Diagnostics;
using System.Globalization;
using Rookery.Simulation;
using Rookery.Storage;

NativeMemoryPolicy.Keep();

// Runs the simulations of the video store; the last line counts seeds. A failing seed is printed, and fails again when it is given.
return args switch
{
    ["simulate", .. string[] rest] => await SimulateAsync(new CommandOptions(rest)).ConfigureAwait(false),
    ["exhaust", .. string[] rest] => await ExhaustAsync(new CommandOptions(rest)).ConfigureAwait(false),
    ["killtest", .. string[] rest] => await KillTestAsync(new CommandOptions(rest)).ConfigureAwait(false),
    ["killchild", string disk, string start] => await KillChild.RunAsync(disk, int.Parse(start, CultureInfo.InvariantCulture)).ConfigureAwait(false),
    ["kills", .. string[] rest] => await KillsAsync(new CommandOptions(rest)).ConfigureAwait(false),
    ["faults"] => await FaultsAsync().ConfigureAwait(false),
    ["poolkillchild", string number, string start, string catalog, string tasks, .. string[] disks] =>
        await PoolKillChild.RunAsync(int.Parse(number, CultureInfo.InvariantCulture), int.Parse(start, CultureInfo.InvariantCulture), catalog, tasks, disks).ConfigureAwait(false),
    _ => Usage(),
};

static async Task<int> SimulateAsync(CommandOptions options)
{
    int seed = options.Get("--seed", 1);
    int count = options.Get("--count", 20);
    int? commits = options.Find("--commits");
    int images = options.Get("--images", 3);
    CrashReport total = new();
    int failed = 0;
    Lock gate = new();
    long begin = Stopwatch.GetTimestamp();
    // Each seed is a world of its own on one thread, so the processors can share them out.
    var trials = Enumerable.Range(seed, count).SelectMany(s => options.Kinds.Select(kind => (Seed: s, Kind: kind)));
    await Parallel.ForEachAsync(trials, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, async (trial, _) =>
    {
        int length = commits ?? Simulations.LengthOf(trial.Seed);
        try
        {
            CrashReport report = await Simulations.RunAsync(trial.Kind, trial.Seed, length, images).ConfigureAwait(false);
            lock (gate)
            {
                total.Add(report);
            }
        }
        catch (Exception problem) when (problem is not OutOfMemoryException)
        {
            lock (gate)
            {
                failed++;
                Console.WriteLine($"FAILED --kind {trial.Kind} --seed {trial.Seed} --count 1 --commits {length} --images {images}: {problem.Message}");
                Console.WriteLine((problem.InnerException ?? problem).StackTrace);
            }
        }
    }).ConfigureAwait(false);

    double seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;
    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{count / seconds:0.00} seeds/s; {total.Boundaries} crash points, {total.Images} images judged, {total.SimulatedTime.TotalHours:0.0} simulated hours; a start read at most {total.MostReadToStart} bytes before recording, {total.MostReadToRecover} until recovery was done"));
    int tried = count * options.Kinds.Count;
    Console.WriteLine($"{tried - failed} passed, {failed} failed");
    return failed == 0 ? 0 : 1;
}

static async Task<int> ExhaustAsync(CommandOptions options)
{
    int length = options.Get("--length", 2);
    int images = options.Get("--images", 3);
    int share = options.Get("--share", 1);
    int first = options.Get("--first", 0);
    CrashReport total = new();
    int failed = 0;
    long begin = Stopwatch.GetTimestamp();
    foreach ((ChunkLayout layout, int disks) in ShortWorkloads.Pools)
    {
        for (int operations = 0; operations <= length; operations++)
        {
            CrashReport report = await ShortWorkloads.RunAsync(layout, disks, operations, images, share, first, Failed).ConfigureAwait(false);
            total.Add(report);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{layout} on {disks} disks, {operations} operations: {report.Futures} workloads, {report.Boundaries} crash points, {report.Images} images"));
        }
    }

    double seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;
    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"{total.Boundaries} crash points, {total.Images} images judged in {seconds:0} s, {total.SimulatedTime.TotalHours:0.0} simulated hours"));
    Console.WriteLine($"{total.Futures - failed} passed, {failed} failed");
    return failed == 0 ? 0 : 1;

    void Failed(SimulationException problem)
    {
        failed++;
        Console.WriteLine($"FAILED {problem.Message}");
        Console.WriteLine((problem.InnerException ?? problem).StackTrace);
    }
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

// Pools of every kind in turn, some kills each.
static async Task<int> KillsAsync(CommandOptions options)
{
    int each = options.Get("--each", 20);
    int count = options.Get("--count", 200);
    int seed = options.Get("--seed", 1);
    int failed = 0;
    int kills = 0;
    long samples = 0;
    long begin = Stopwatch.GetTimestamp();
    for (int i = options.Get("--first", 0); kills < count; i++, seed++)
    {
        int number = i % KillCase.All.Count;
        int these = Math.Min(each, count - kills);
        string directory = Directory.CreateTempSubdirectory("rookery-kills-").FullName;
        try
        {
            PoolKillReport report = await PoolKillTrial.RunAsync(number, directory, these, seed).ConfigureAwait(false);
            samples += report.Samples;
            Console.WriteLine($"{KillCase.All[number]}, seed {seed}: {report}");
        }
        catch (Exception problem) when (problem is not OutOfMemoryException)
        {
            failed++;
            Console.WriteLine($"FAILED kills --first {number} --seed {seed} --count {these}: {(problem is SimulationException ? problem.Message : problem)}");
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }

        kills += these;
    }

    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{kills} kills in {Stopwatch.GetElapsedTime(begin).TotalSeconds:0} s, {samples} acknowledged samples, {(failed == 0 ? "none lost" : "see above")}"));
    Console.WriteLine($"{(failed == 0 ? 1 : 0)} passed, {failed} failed");
    return failed == 0 ? 0 : 1;
}

// A disk that fails under a recording process, in each way.
static async Task<int> FaultsAsync()
{
    int failed = 0;
    foreach (DeviceFault fault in Enum.GetValues<DeviceFault>())
    {
        string directory = Directory.CreateTempSubdirectory("rookery-faults-").FullName;
        long begin = Stopwatch.GetTimestamp();
        try
        {
            long samples = await FaultTrial.RunAsync(directory, fault).ConfigureAwait(false);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{fault}: {samples} samples acknowledged, none lost, in {Stopwatch.GetElapsedTime(begin).TotalSeconds:0} s"));
        }
        catch (SimulationException problem)
        {
            failed++;
            Console.WriteLine($"FAILED {fault}: {problem.Message}");
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    Console.WriteLine($"{Enum.GetValues<DeviceFault>().Length - failed} passed, {failed} failed");
    return failed == 0 ? 0 : 1;
}

static int Usage()
{
    Console.Error.WriteLine("usage: Rookery.Simulation simulate [--seed N] [--count N] [--commits N] [--images N] [--kind NAME] | exhaust [--length N] [--images N] [--share N] [--first N] | killtest [--seed N] [--count N] | kills [--seed N] [--count N] [--first N] [--each N] | faults");
    return 2;
}
