// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Globalization;
using Rookery.Storage;

namespace Rookery.Simulation;

/// <summary>One pool from its first start to its last kill, and the one history it is judged by.</summary>
internal sealed class PoolKillLife(KillCase pool, int number, IReadOnlyList<string> paths, string catalog, int seed)
{
    private readonly Random _random = new(seed);
    private readonly KillDisks _disks = new(pool, paths);
    private readonly AcknowledgedLog _log = new();
    private readonly HashSet<(ulong Stream, long DecodeTime)> _freed = [];

    /// <summary>Starts of which certain streams are held, for sure.</summary>
    private readonly HashSet<int> _held = [];
    private readonly List<string> _story = [];
    private readonly Dictionary<string, int> _done = [];
    private int _cutShort;
    private int _startsWithoutADisk;

    public async Task<PoolKillReport> RunAsync(int kills)
    {
        long acknowledged = 0;
        for (int start = 1; start <= kills; start++)
        {
            try
            {
                acknowledged += await RecordAsync(start).ConfigureAwait(false);
                await JudgeAsync(isLast: start == kills).ConfigureAwait(false);
            }
            catch (SimulationException problem)
            {
                throw new SimulationException($"{pool}, seed {seed}, kill {start}: {problem.Message} Before: {string.Join("; ", _story.TakeLast(12))}", problem);
            }
        }

        return new PoolKillReport(kills, acknowledged, _startsWithoutADisk, _done, _cutShort, _freed.Count);
    }

    private async Task<long> RecordAsync(int start)
    {
        if (start > 1)
        {
            _disks.Move(_random);
        }

        IReadOnlyList<string> tasks = start == 1 ? [] : _disks.DrawTasks(_random);
        IReadOnlyList<string> here = _disks.Here;
        // At least one line from the first start: then the pool is made, and of all of its disks.
        int lines = start > 1 && _random.Next(4) == 0 ? 1 : _random.Next(1, 10 * KillPlan.Streams);
        if (_random.Next(8) == 0)
        {
            // Cache that it is, it may be lost at any time.
            DeleteCatalog();
        }

        _story.Add($"start {start} on {string.Join(' ', here.Select(Path.GetFileName))}{(tasks.Count == 0 ? "" : " with ")}{string.Join(", ", tasks)}, killed after {lines} lines");
        _startsWithoutADisk += _disks.Away.Count > 0 ? 1 : 0;
        foreach (string task in tasks.Where(task => task.StartsWith("release:", StringComparison.Ordinal)))
        {
            _held.RemoveWhere(held => task == $"release:{KillTasks.HoldOf(held)}");
        }

        using KilledProcess process = new(
            ["poolkillchild", number.ToString(CultureInfo.InvariantCulture), start.ToString(CultureInfo.InvariantCulture), catalog, string.Join(',', tasks), .. here.Where(path => !tasks.Contains($"add:{path}"))]);
        await process.ReadAsync(lines).ConfigureAwait(false);
        await process.KillAsync().ConfigureAwait(false);
        Count(tasks, process.Said);
        if (process.Said.Contains("did hold"))
        {
            _held.Add(start);
        }

        KillPlan.Note(_log, start, process.Durable, stream => KillCase.ClassOf(start, stream), pool.SampleFactor);
        return process.Durable.Sum();
    }

    private void Count(IReadOnlyList<string> tasks, List<string> said)
    {
        _done["column rebuilt"] = _done.GetValueOrDefault("column rebuilt") + said.Count(line => line == "did rebuild");
        foreach (string task in tasks)
        {
            if (said.Contains($"did {task}"))
            {
                string what = task.Split(':')[0];
                _done[what] = _done.GetValueOrDefault(what) + 1;
            }
            else if (!said.Exists(line => line.StartsWith($"refused {task}", StringComparison.Ordinal)))
            {
                _cutShort++;
            }
        }
    }

    private async Task JudgeAsync(bool isLast)
    {
        _disks.Move(_random);
        if (isLast)
        {
            _disks.BringAllBack();
        }

        IReadOnlyList<string> here = _disks.Here;
        _story.Add($"opened on {string.Join(' ', here.Select(Path.GetFileName))}");
        IReadOnlyList<FileBlockDevice> devices = FileBlockDevice.OpenPool([.. here.Select(path => new DiskSpec(path, SizeBytes: null))], here.ToHashSet(), _story.Add);
        // Without threads: retention must not free what is just being read.
        VideoStore store = await VideoStore.OpenAsync(devices, pool.Options(catalog) with { IsManual = true }, TimeProvider.System).ConfigureAwait(false);
        try
        {
            store.RecoverNow();
            await CheckAsync(store).ConfigureAwait(false);
            if (isLast || _random.Next(3) == 0)
            {
                _story.Add("rebuilt");
                await store.RebuildNowAsync().ConfigureAwait(false);
                await CheckAsync(store).ConfigureAwait(false);
            }

            _disks.Learn(store.Status, store.Holds);
        }
        finally
        {
            await (_random.Next(3) == 0 ? store.DisposeAsync() : store.CrashAsync()).ConfigureAwait(false);
            foreach (FileBlockDevice device in devices)
            {
                device.Dispose();
            }
        }
    }

    private async Task CheckAsync(VideoStore store)
    {
        ShownStore shown = await StoreReading.ReadAllAsync(store).ConfigureAwait(false);
        IReadOnlyList<(ulong Stream, long DecodeTime)> missing = _log.Check(shown, int.MaxValue, new Expectation
        {
            FewestChunks = pool.FewestChunks,
            FreesInOrder = pool.IsFull && pool.Layout.Columns == pool.Disks && pool.Layout.DataColumns == 1 && !_disks.WasDisturbed,
            // What a kill tore, and recovery kept all the same, bears no more until it is rebuilt.
            IsBeyondRepair = _log.IsFragile,
            Freed = _freed,
        });
        foreach ((ulong stream, long decodeTime) in missing)
        {
            if (KillTasks.IsHeld(stream) && _held.Contains(KillPlan.StartOf(decodeTime)))
            {
                throw new SimulationException($"A sample of stream {stream} of start {KillPlan.StartOf(decodeTime)} is held, and gone.");
            }
        }

        _freed.UnionWith(missing);
        _log.Restarted(shown);
    }

    private void DeleteCatalog()
    {
        foreach (string suffix in (string[])["", "-wal", "-shm"])
        {
            File.Delete(catalog + suffix);
        }
    }
}
