// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;
using Rookery.Storage;
using static Rookery.Simulation.BrokenPromise;

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
/// <item>Retention frees a class by whole chunks, the one written longest ago first, and only when the disk is full: whatever is kept has, in its chunk, something that is at least as new as all that is gone.
/// Where disks of several sizes fill up at different times (<see cref="Expectation.FreesInOrder"/>) it still frees whole chunks, and only when some disk is full.</item>
/// <item>What a crash or retention took never comes back.</item>
/// <item>Numbers of runs are never used again and grow, from one opening to any that saw a disk of it (<see cref="Opening"/>), and a place named by chunk, generation and offset never holds a second record.</item>
/// <item>Nothing that an active hold covers is missing, whatever else is allowed to be.</item>
/// </list>
/// </remarks>
internal sealed partial class AcknowledgedLog
{
    private readonly List<LoggedRun> _runs = [];
    private readonly Dictionary<(ulong Stream, long DecodeTime), (LoggedRun Run, int Index)> _samples = [];
    private readonly Dictionary<(ulong Stream, ulong Run), int> _runNumbers = [];
    private readonly HashSet<(ulong Stream, long DecodeTime)> _gone = [];
    private readonly Dictionary<(ulong Chunk, ulong Generation, long FrameOffset, int ContentOffset), (ulong Stream, long DecodeTime)> _places = [];
    private readonly Dictionary<(ulong Stream, long DecodeTime), ulong> _chunks = [];
    private readonly HashSet<(ulong Stream, long DecodeTime)> _fragile = [];
    private int _commits;
    private IReadOnlySet<int> _opening = new HashSet<int>();

    /// <summary>Runs of the history that this one goes on with; what is appended since can be waiting.</summary>
    private int _inherited;

    public List<LoggedGap> Gaps { get; } = [];

    public IReadOnlyList<LoggedRun> Runs => _runs;

    /// <summary>Something was acknowledged.</summary>
    public bool HasAcknowledged => _runs.Exists(run => run.AcknowledgedAt(int.MaxValue) > 0);

    /// <summary>Samples handed to the store.</summary>
    public int SampleCount => _samples.Count;

    /// <summary>The store was opened; runs that begin from now on are of this opening.</summary>
    /// <param name="seen">The openings of which one of its disks knows, and itself.</param>
    public void Opening(IReadOnlySet<int> seen) => _opening = seen;

    public LoggedRun Begin(RunStart start)
    {
        LoggedRun run = new(_runs.Count, start, _opening);
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
        AcknowledgedLog copy = new() { _commits = _commits, _inherited = _runs.Count, _opening = _opening };
        foreach (LoggedRun run in _runs)
        {
            LoggedRun other = run.CopyAt(boundary);
            copy._runs.Add(other);
            for (int i = 0; i < other.Samples.Count; i++)
            {
                copy._samples.Add((other.Stream, other.Samples[i].DecodeTime), (other, i));
            }
        }

        copy.Gaps.AddRange(Gaps.Select(gap => gap.Boundary <= boundary ? gap with { Boundary = int.MinValue } : gap with { Boundary = null, Commit = null, IsOfEarlierStart = true }));
        copy.CopyHolds(this, boundary);
        copy._gone.UnionWith(_gone);
        copy._fragile.UnionWith(_fragile);
        foreach (((ulong, long) name, ulong generation) in _chunks)
        {
            copy._chunks[name] = generation;
        }

        foreach (((ulong, ulong) key, int number) in _runNumbers.Where(entry => _runs[entry.Value].AcknowledgedAt(boundary) > 0))
        {
            copy._runNumbers.Add(key, number);
        }

        return copy;
    }

    /// <summary>The store was opened again: what it does not show now must never appear, and what it shows now must stay, acknowledged or not.</summary>
    /// <param name="shown">What it shows.</param>
    /// <param name="isAway">What may come back all the same, with a disk that is not here.</param>
    public void Restarted(ShownStore shown, Func<ulong, long, bool>? isAway = null)
    {
        _commits++;
        foreach (IGrouping<LoggedRun, int> run in shown.Records.SelectMany(Names).Select(name => _samples[name]).GroupBy(sample => sample.Run, sample => sample.Index))
        {
            for (int i = (int)run.Key.AcknowledgedAt(int.MaxValue); i <= run.Max(); i++)
            {
                _fragile.Add((run.Key.Stream, run.Key.Samples[i].DecodeTime));
            }

            run.Key.Acknowledge(int.MinValue, _commits, Math.Max(run.Max() + 1, run.Key.AcknowledgedAt(int.MaxValue)));
        }

        HashSet<(ulong, long)> seen = [.. shown.Records.SelectMany(Names)];
        _gone.UnionWith(_samples.Where(sample => sample.Value.Run.Number < _inherited).Select(sample => sample.Key).Where(name => !seen.Contains(name) && isAway?.Invoke(name.Stream, name.DecodeTime) != true));
        foreach (LoggedGap gap in Gaps.Where(gap => gap.Boundary is null && shown.Gaps.GetValueOrDefault(gap.Stream.Value)?.Contains(gap.Gap) == true))
        {
            gap.Boundary = int.MinValue;
            gap.Commit = _commits;
        }

        Gaps.RemoveAll(gap => gap.Boundary is null);
    }

    /// <summary>A crash came before the sample was acknowledged, and it was shown all the same: it stays, but may have been torn in so many columns that it bears no more.</summary>
    public bool IsFragile(ulong stream, long decodeTime) => _fragile.Contains((stream, decodeTime));

    /// <summary>What was gone may be shown again, if it was in one of these chunks.</summary>
    public void MayComeBack(Func<ulong, bool> isChunk) => _gone.RemoveWhere(name => _chunks.TryGetValue(name, out ulong chunk) && isChunk(chunk));

    /// <summary>Chunks that were shown once, of which something is gone.</summary>
    public IReadOnlySet<ulong> GoneChunks() => _gone.Where(_chunks.ContainsKey).Select(name => _chunks[name]).ToHashSet();

    /// <summary>Judges what a store shows.</summary>
    /// <param name="shown">All of it.</param>
    /// <param name="boundary">How many events the disk had done.</param>
    /// <param name="losses">What may be missing.</param>
    /// <param name="onlyAcknowledged">The store is running: what is not acknowledged must not be seen at all.</param>
    /// <param name="fewestChunks">Chunks that must be there when anything was freed.</param>
    /// <exception cref="SimulationException">A promise was broken.</exception>
    public void Check(ShownStore shown, int boundary, Losses losses, bool onlyAcknowledged, int fewestChunks) =>
        Check(shown, boundary, new Expectation { Losses = losses, OnlyAcknowledged = onlyAcknowledged, FewestChunks = fewestChunks });

    /// <summary>Judges what a store shows.</summary>
    /// <param name="shown">All of it.</param>
    /// <param name="boundary">How many events the disks had done.</param>
    /// <param name="expectation">What it is measured by.</param>
    /// <returns>What retention took.</returns>
    /// <exception cref="SimulationException">A promise was broken.</exception>
    public IReadOnlyList<(ulong Stream, long DecodeTime)> Check(ShownStore shown, int boundary, Expectation expectation)
    {
        Dictionary<LoggedRun, List<int>> seen = [];
        foreach (ShownRecord record in shown.Records)
        {
            CheckRecord(record, shown, expectation, seen);
        }

        CheckRunNumbers(shown);
        HashSet<LoggedSampleName> missing = [];
        foreach (LoggedRun run in _runs)
        {
            CheckRun(run, seen.GetValueOrDefault(run) ?? [], boundary, expectation, missing);
        }

        CheckHolds(missing, boundary);
        if (expectation.Losses == Losses.None)
        {
            CheckRetention(missing, shown, boundary, expectation);
        }

        foreach (ShownRecord record in shown.Records)
        {
            foreach ((ulong, long) name in Names(record))
            {
                _chunks[name] = record.Record.Location.Generation;
            }
        }

        return [.. missing.Select(name => (name.Run.Stream, name.Run.Samples[name.Index].DecodeTime))];
    }

    /// <summary>The chunk in which a sample was shown; <c>null</c> when it never was.</summary>
    public ulong? ChunkOf(ulong stream, long decodeTime) => _chunks.TryGetValue((stream, decodeTime), out ulong generation) ? generation : null;

    private void CheckRecord(ShownRecord shown, ShownStore store, Expectation expectation, Dictionary<LoggedRun, List<int>> seen)
    {
        StoredRecord record = shown.Record;
        ulong stream = record.Stream.Value;
        RecordName name = new(record);
        Demand(!record.Samples.IsEmpty, $"{name} has no samples.");
        Demand(shown.Payload is not null || expectation.MayMiss(stream, record.DecodeTime), $"{name} is listed, but its payload is lost.");
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
                store.Format(record.Format) is { } format ? format.Span.SequenceEqual(expected.Format) : expectation.MayMiss(stream, decodeTime),
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
            LoggedRun[] inOrder = [.. stream.OrderBy(entry => entry.Key.Run).Select(entry => _runs[entry.Value])];
            Demand(inOrder.Distinct().Count() == inOrder.Length, $"A run of stream {stream.Key} has two numbers.");
            for (int i = 1; i < inOrder.Length; i++)
            {
                Demand(!Array.Exists(inOrder[i..], later => later.Number < inOrder[i - 1].Number && inOrder[i - 1].Saw(later)), $"Runs of stream {stream.Key} are not numbered in their order.");
            }
        }
    }

    private static void CheckRun(LoggedRun run, List<int> seen, int boundary, Expectation expectation, HashSet<LoggedSampleName> missing)
    {
        RunName name = new(run);
        seen.Sort();
        long acknowledged = run.AcknowledgedAt(boundary);
        for (int i = 1; i < seen.Count; i++)
        {
            Demand(seen[i] != seen[i - 1], $"{name}: sample {seen[i]} is shown twice.");
            // Of what was acknowledged, that is of all samples before that number, more is said below. Where retention need not go in order, it may have taken what an earlier frame of the same commit held.
            Demand(seen[i] == seen[i - 1] + 1 || seen[i] <= acknowledged || expectation.Losses == Losses.Damage || !expectation.FreesInOrder, $"{name}: samples between {seen[i - 1]} and {seen[i]} are missing.");
        }

        Demand(!expectation.OnlyAcknowledged || seen.Count == 0 || seen[^1] < acknowledged, $"{name}: a sample is seen that is not acknowledged yet.");
        HashSet<int> there = [.. seen];
        for (int i = 0; i < acknowledged; i++)
        {
            if (!there.Contains(i) && !expectation.MayMiss(run.Stream, run.Samples[i].DecodeTime))
            {
                // What retention took is missing before everything that is there; the rest would be loss.
                Demand(!expectation.FreesInOrder || seen.Count == 0 || i < seen[0], $"{name}: sample {i} of {acknowledged} acknowledged ones is lost.");
                missing.Add(new LoggedSampleName(run, i));
            }
        }
    }

    private void CheckRetention(HashSet<LoggedSampleName> missing, ShownStore shown, int boundary, Expectation expectation)
    {
        foreach (IGrouping<byte, LoggedSampleName> freed in missing.GroupBy(name => name.Run.Start.RetentionClass.Value).Where(_ => expectation.FreesInOrder))
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
        Demand(
            missing.Count == 0 || chunks >= expectation.FewestChunks,
            $"{missing.Count} acknowledged samples are lost though only {chunks} chunks are in use (retention begins at {expectation.FewestChunks}), such as {Example(missing)}.");
        HashSet<ulong> kept = [.. shown.Records.Select(record => record.Record.Location.Generation)];
        foreach (LoggedSampleName name in missing)
        {
            Demand(
                ChunkOf(name.Run.Stream, name.Run.Samples[name.Index].DecodeTime) is not { } chunk || !kept.Contains(chunk),
                $"Sample {name.Index} of run {name.Run.Number} of stream {name.Run.Stream} is lost while other records of its chunk are kept.");
        }

        foreach (LoggedGap gap in Gaps.Where(gap => gap.Boundary <= boundary && expectation.KeepsGaps))
        {
            bool isThere = shown.Gaps.GetValueOrDefault(gap.Stream.Value)?.Contains(gap.Gap) == true;
            bool mayBeFreed = missing.Any(name => name.Run.Start.RetentionClass.Value == gap.Class && name.Run.CommitOf(name.Index) >= gap.Commit - 1) || chunks >= expectation.FewestChunks;
            Demand(isThere || mayBeFreed, $"The acknowledged gap {gap.Gap} of stream {gap.Stream} is lost.");
        }
    }

    private string Example(HashSet<LoggedSampleName> missing) => missing.Count == 0
        ? "none"
        : missing.First() is var first && ChunkOf(first.Run.Stream, first.Run.Samples[first.Index].DecodeTime) is { } chunk
            ? $"sample {first.Index} of run {first.Run.Number} of stream {first.Run.Stream} in chunk generation {chunk:x}"
            : $"sample {first.Index} of run {first.Run.Number} of stream {first.Run.Stream}";

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

    private readonly struct RecordName(StoredRecord record)
    {
        public override string ToString() => $"Record {record.Sequence} of run {record.Run} of stream {record.Stream.Value} in chunk {record.Location.Chunk}";
    }

    private readonly struct RunName(LoggedRun run)
    {
        public override string ToString() => $"Run {run.Number} of stream {run.Stream}";
    }

    private readonly record struct LoggedSampleName(LoggedRun Run, int Index);
}
