// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;
using Rookery.Storage;

namespace Rookery.Simulation;

/// <summary>How much may be missing without a broken promise.</summary>
internal enum Losses
{
    /// <summary>Nothing was damaged: whatever was acknowledged and not freed by retention must be there.</summary>
    None,

    /// <summary>The medium itself was damaged: footage may be missing or reported lost, but what is shown is right.</summary>
    Damage,
}

/// <summary>What has to come back: the independent model that a store is judged by. It shares no code with the store.</summary>
/// <remarks>
/// Promises checked by <see cref="Check"/>:
/// <list type="number">
/// <item>Every acknowledged sample reads back bit for bit, with its times, flags and format, unless retention freed it.</item>
/// <item>What is shown was appended, exactly so; nothing is shown in part or twice.</item>
/// <item>A run is shown without holes: what retention freed is missing at its front only, what a crash took at its end only.</item>
/// <item>Retention frees a class by whole chunks, the one written longest ago first, and only when the disk is full: whatever is kept has, in its chunk, something that is at least as new as all that is gone.</item>
/// <item>What a crash or retention took never comes back.</item>
/// <item>Numbers of runs grow and are never used again, and a place named by chunk, generation and offset never holds a second record.</item>
/// </list>
/// </remarks>
internal sealed class AcknowledgedLog
{
    private readonly List<LoggedRun> _runs = [];
    private readonly Dictionary<(ulong Stream, long DecodeTime), (LoggedRun Run, int Index)> _samples = [];
    private readonly Dictionary<(ulong Stream, ulong Run), int> _runNumbers = [];
    private readonly HashSet<(ulong Stream, long DecodeTime)> _gone = [];
    private readonly Dictionary<(ulong Chunk, ulong Generation, long FrameOffset, int ContentOffset), (ulong Stream, long DecodeTime)> _places = [];
    private int _commits;

    public List<LoggedGap> Gaps { get; } = [];

    public IReadOnlyList<LoggedRun> Runs => _runs;

    /// <summary>Samples handed to the store.</summary>
    public int SampleCount => _samples.Count;

    public LoggedRun Begin(RunStart start)
    {
        LoggedRun run = new(_runs.Count, start);
        _runs.Add(run);
        return run;
    }

    public void Append(LoggedRun run, LoggedSample sample)
    {
        _samples.Add((run.Stream, sample.DecodeTime), (run, run.Samples.Count));
        run.Samples.Add(sample);
    }

    /// <summary>A commit returned, and these watermarks were seen.</summary>
    public void Acknowledge(int boundary, IEnumerable<(LoggedRun Run, long Samples)> watermarks, Func<LoggedGap, bool> isDurable)
    {
        _commits++;
        foreach ((LoggedRun run, long samples) in watermarks)
        {
            run.Acknowledge(boundary, _commits, samples);
        }

        foreach (LoggedGap gap in Gaps.Where(gap => gap.Boundary is null && isDurable(gap)))
        {
            gap.Boundary = boundary;
            gap.Commit = _commits;
        }
    }

    /// <summary>The history as it stood at a boundary, to go on from there on another path. Only what was appended to <paramref name="boundary"/> is acknowledged in it.</summary>
    public AcknowledgedLog CopyAt(int boundary)
    {
        AcknowledgedLog copy = new() { _commits = _commits };
        foreach (LoggedRun run in _runs)
        {
            LoggedRun other = run.CopyAt(boundary);
            copy._runs.Add(other);
            for (int i = 0; i < other.Samples.Count; i++)
            {
                copy._samples.Add((other.Stream, other.Samples[i].DecodeTime), (other, i));
            }
        }

        copy.Gaps.AddRange(Gaps.Select(gap => gap.Boundary <= boundary ? gap with { Boundary = int.MinValue } : gap with { Boundary = null, Commit = null }));
        copy._gone.UnionWith(_gone);
        foreach (((ulong, ulong) key, int number) in _runNumbers.Where(entry => _runs[entry.Value].AcknowledgedAt(boundary) > 0))
        {
            copy._runNumbers.Add(key, number);
        }

        return copy;
    }

    /// <summary>The store was opened again: what it does not show now must never appear, and what it shows now must stay, acknowledged or not.</summary>
    public void Restarted(ShownStore shown)
    {
        _commits++;
        foreach (IGrouping<LoggedRun, int> run in shown.Records.SelectMany(Names).Select(name => _samples[name]).GroupBy(sample => sample.Run, sample => sample.Index))
        {
            run.Key.Acknowledge(int.MinValue, _commits, Math.Max(run.Max() + 1, run.Key.AcknowledgedAt(int.MaxValue)));
        }

        HashSet<(ulong, long)> seen = [.. shown.Records.SelectMany(Names)];
        _gone.UnionWith(_samples.Keys.Where(name => !seen.Contains(name)));
        foreach (LoggedGap gap in Gaps.Where(gap => gap.Boundary is null && shown.Gaps.GetValueOrDefault(gap.Stream.Value)?.Contains(gap.Gap) == true))
        {
            gap.Boundary = int.MinValue;
            gap.Commit = _commits;
        }

        Gaps.RemoveAll(gap => gap.Boundary is null);
    }

    /// <summary>Judges what a store shows.</summary>
    /// <param name="shown">All of it.</param>
    /// <param name="boundary">How many events the disk had done.</param>
    /// <param name="losses">What may be missing.</param>
    /// <param name="onlyAcknowledged">The store is running: what is not acknowledged must not be seen at all.</param>
    /// <param name="fewestChunks">Chunks that must be there when anything was freed.</param>
    /// <exception cref="SimulationException">A promise was broken.</exception>
    public void Check(ShownStore shown, int boundary, Losses losses, bool onlyAcknowledged, int fewestChunks)
    {
        Dictionary<LoggedRun, List<int>> seen = [];
        foreach (ShownRecord record in shown.Records)
        {
            CheckRecord(record, shown, losses, seen);
        }

        CheckRunNumbers(shown);
        HashSet<LoggedSampleName> missing = [];
        foreach (LoggedRun run in _runs)
        {
            CheckRun(run, seen.GetValueOrDefault(run) ?? [], boundary, onlyAcknowledged, losses, missing);
        }

        if (losses == Losses.None)
        {
            CheckRetention(missing, shown, boundary, fewestChunks);
        }
    }

    private void CheckRecord(ShownRecord shown, ShownStore store, Losses losses, Dictionary<LoggedRun, List<int>> seen)
    {
        StoredRecord record = shown.Record;
        ulong stream = record.Stream.Value;
        string name = $"Record {record.Sequence} of run {record.Run} of stream {stream} in chunk {record.Location.Chunk}";
        Demand(!record.Samples.IsEmpty, $"{name} has no samples.");
        Demand(shown.Payload is not null || losses == Losses.Damage, $"{name} is listed, but its payload is lost.");
        Demand(_samples.TryGetValue((stream, record.DecodeTime), out (LoggedRun Run, int Index) first), $"{name} begins at {record.DecodeTime}, which was never appended.");
        LoggedRun run = first.Run;
        Demand(record.Epoch == run.Start.Epoch && record.Timescale == run.Start.Timescale, $"{name}: epoch or timescale differ.");
        Demand(record.Wall.Start == run.Samples[first.Index].Wall, $"{name} starts at {record.Wall.Start}, not {run.Samples[first.Index].Wall}.");

        long decodeTime = record.DecodeTime;
        int offset = 0;
        for (int i = 0; i < record.Samples.Length; i++)
        {
            StoredSample stored = record.Samples.Span[i];
            decodeTime += stored.DecodeDelta;
            Demand(first.Index + i < run.Samples.Count, $"{name} has more samples than were appended.");
            LoggedSample expected = run.Samples[first.Index + i];
            Demand(
                decodeTime == expected.DecodeTime && stored.CompositionOffset == expected.CompositionOffset && stored.Flags == expected.Flags
                && stored.SizeBytes == expected.SizeBytes,
                $"{name}, sample {i}: {stored} at {decodeTime} is not {expected}.");
            Demand(!_gone.Contains((stream, decodeTime)), $"{name}, sample {i}: it was gone after a restart, and has come back.");
            Demand(
                shown.Payload is null || SampleContent.Matches(stream, decodeTime, shown.Payload.AsSpan(offset, stored.SizeBytes)),
                $"{name}, sample {i}: wrong bytes are shown as right.");
            Demand(
                store.Format(record.Format) is { } format ? format.Span.SequenceEqual(expected.Format) : losses == Losses.Damage,
                $"{name}, sample {i}: its format is missing or wrong.");
            offset += stored.SizeBytes;
        }

        Demand(offset == record.Location.LengthBytes, $"{name}: its samples have {offset} bytes, its payload {record.Location.LengthBytes}.");
        if (!seen.TryGetValue(run, out List<int>? indexes))
        {
            seen.Add(run, indexes = []);
        }

        indexes.AddRange(Enumerable.Range(first.Index, record.Samples.Length));
    }

    private void CheckRunNumbers(ShownStore shown)
    {
        foreach (ShownRecord record in shown.Records)
        {
            StoredRecord r = record.Record;
            int run = _samples[(r.Stream.Value, r.DecodeTime)].Run.Number;
            if (!_runNumbers.TryAdd((r.Stream.Value, r.Run), run))
            {
                Demand(_runNumbers[(r.Stream.Value, r.Run)] == run, $"Run number {r.Run} of stream {r.Stream} names two runs.");
            }

            (ulong, ulong, long, int) place = (r.Location.Chunk, r.Location.Generation, r.Location.FrameOffset, r.Location.ContentOffset);
            if (r.Location.LengthBytes > 0 && !_places.TryAdd(place, (r.Stream.Value, r.DecodeTime)))
            {
                Demand(_places[place] == (r.Stream.Value, r.DecodeTime), $"Place {place} held another record before.");
            }
        }

        foreach (IGrouping<ulong, KeyValuePair<(ulong Stream, ulong Run), int>> stream in _runNumbers.GroupBy(entry => entry.Key.Stream))
        {
            int[] inOrder = [.. stream.OrderBy(entry => entry.Key.Run).Select(entry => entry.Value)];
            Demand(inOrder.SequenceEqual(inOrder.Distinct().Order()), $"Runs of stream {stream.Key} are not numbered in their order.");
        }
    }

    private static void CheckRun(
        LoggedRun run, List<int> seen, int boundary, bool onlyAcknowledged, Losses losses, HashSet<LoggedSampleName> missing)
    {
        string name = $"Run {run.Number} of stream {run.Stream}";
        seen.Sort();
        for (int i = 1; i < seen.Count; i++)
        {
            Demand(seen[i] != seen[i - 1], $"{name}: sample {seen[i]} is shown twice.");
            Demand(losses == Losses.Damage || seen[i] == seen[i - 1] + 1, $"{name}: samples between {seen[i - 1]} and {seen[i]} are missing.");
        }

        long acknowledged = run.AcknowledgedAt(boundary);
        Demand(!onlyAcknowledged || seen.Count == 0 || seen[^1] < acknowledged, $"{name}: a sample is seen that is not acknowledged yet.");
        HashSet<int> there = [.. seen];
        for (int i = 0; i < acknowledged; i++)
        {
            if (!there.Contains(i))
            {
                // What retention took is missing before everything that is there; the rest would be loss.
                Demand(losses == Losses.Damage || seen.Count == 0 || i < seen[0], $"{name}: sample {i} of {acknowledged} acknowledged ones is lost.");
                missing.Add(new LoggedSampleName(run, i));
            }
        }
    }

    private void CheckRetention(HashSet<LoggedSampleName> missing, ShownStore shown, int boundary, int fewestChunks)
    {
        foreach (IGrouping<byte, LoggedSampleName> freed in missing.GroupBy(name => name.Run.Start.RetentionClass.Value))
        {
            int lastFreed = freed.Max(name => name.Run.CommitOf(name.Index) ?? 0);
            // A chunk that was resumed after a stop keeps its old part as long as its new one.
            int firstKept = shown.Records.Where(record => ClassOf(record) == freed.Key)
                .GroupBy(record => record.Record.Location.Chunk)
                .Min(chunk => (int?)chunk.SelectMany(Names).Max(CommitOf)) ?? int.MaxValue;
            LoggedSampleName example = freed.MaxBy(name => name.Run.CommitOf(name.Index));
            Demand(
                lastFreed <= firstKept,
                $"Class {freed.Key}: sample {example.Index} of run {example.Run.Number} (commit {lastFreed}) is lost while a chunk last written in commit {firstKept} is kept.");
        }

        int chunks = shown.Records.Select(record => (record.Record.Location.Chunk, record.Record.Location.Generation)).Distinct().Count();
        Demand(missing.Count == 0 || chunks >= fewestChunks, $"{missing.Count} acknowledged samples are lost though only {chunks} chunks are in use (retention begins at {fewestChunks}).");

        foreach (LoggedGap gap in Gaps.Where(gap => gap.Boundary <= boundary))
        {
            bool isThere = shown.Gaps.GetValueOrDefault(gap.Stream.Value)?.Contains(gap.Gap) == true;
            bool mayBeFreed = missing.Any(name => name.Run.Start.RetentionClass.Value == gap.Class && name.Run.CommitOf(name.Index) >= gap.Commit - 1) || chunks >= fewestChunks;
            Demand(isThere || mayBeFreed, $"The acknowledged gap {gap.Gap} of stream {gap.Stream} is lost.");
        }
    }

    private byte ClassOf(ShownRecord shown) => _samples[(shown.Record.Stream.Value, shown.Record.DecodeTime)].Run.Start.RetentionClass.Value;

    /// <summary>The commit that acknowledged a sample; that of a sample which none did comes after all.</summary>
    private int CommitOf((ulong Stream, long DecodeTime) name) => _samples[name].Run.CommitOf(_samples[name].Index) ?? int.MaxValue;

    private static IEnumerable<(ulong Stream, long DecodeTime)> Names(ShownRecord shown)
    {
        long decodeTime = shown.Record.DecodeTime;
        for (int i = 0; i < shown.Record.Samples.Length; i++)
        {
            decodeTime += shown.Record.Samples.Span[i].DecodeDelta;
            yield return (shown.Record.Stream.Value, decodeTime);
        }
    }

    private static void Demand([System.Diagnostics.CodeAnalysis.DoesNotReturnIf(false)] bool promise, string broken)
    {
        if (!promise)
        {
            throw new SimulationException(broken);
        }
    }

    private readonly record struct LoggedSampleName(LoggedRun Run, int Index);
}
