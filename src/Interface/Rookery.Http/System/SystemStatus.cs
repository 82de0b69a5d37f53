// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Reflection;
using Rookery.Foundation;
using Rookery.Recording;
using Rookery.Storage;

namespace Rookery.Http;

/// <summary>The state of the whole recorder, and the write rate as it was over the last seconds. Safe for any thread.</summary>
internal sealed class SystemStatus
{
    private static readonly TimeSpan RateInterval = TimeSpan.FromSeconds(5);

    private static readonly string Version =
        typeof(SystemStatus).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    private readonly Lock _lock = new();
    private readonly IVideoStore _store;
    private readonly CameraRegistry _cameras;
    private readonly Recorder _recorder;
    private readonly TimeProvider _clock;
    private readonly WallTime _startedAt;
    private MonotonicTime _sampledAt;
    private long _sampledBytes;
    private double _bytesPerSecond;

    public SystemStatus(IVideoStore store, CameraRegistry cameras, Recorder recorder, TimeProvider clock)
    {
        (_store, _cameras, _recorder, _clock) = (store, cameras, recorder, clock);
        _startedAt = WallTime.Now(clock);
        _sampledAt = MonotonicTime.Now(clock);
        _sampledBytes = store.Status.WrittenBytes;
    }

    public SystemView Read()
    {
        StoreStatus store = _store.Status;
        IReadOnlyList<ChannelRecorder> channels = _recorder.Channels;
        return new SystemView(
            Version,
            _startedAt,
            WallTime.Now(_clock),
            _clock.LocalTimeZone.Id,
            new StoreView(
                store.CapacityBytes,
                store.FreeBytes,
                store.Oldest,
                store.WrittenBytes,
                store.CommittedFrames,
                store.CommittedFrames == 0 ? 0 : store.WrittenBytes / store.CommittedFrames,
                Math.Round(Rate(store.WrittenBytes)),
                Math.Round(store.LastCommit.TotalMilliseconds, 1),
                Math.Round(store.LongestCommit.TotalMilliseconds, 1),
                Math.Round(store.RecentCommits.Median.TotalMilliseconds, 1),
                Math.Round(store.RecentCommits.Percentile99.TotalMilliseconds, 1),
                Math.Round(store.RecentCommits.Longest.TotalMilliseconds, 1),
                Math.Round(store.ArrivalToDurable.Median.TotalMilliseconds, 1),
                Math.Round(store.ArrivalToDurable.Percentile99.TotalMilliseconds, 1),
                Math.Round(store.ArrivalToDurable.Longest.TotalMilliseconds, 1),
                store.DroppedSamples,
                store.RecoveringChunks,
                store.Fault,
                store.Warnings),
            new CameraCounts(_cameras.List().Count, channels.Count(channel => channel.Snapshot().IsRecording)));
    }

    private double Rate(long writtenBytes)
    {
        lock (_lock)
        {
            MonotonicTime now = MonotonicTime.Now(_clock);
            if (now - _sampledAt >= RateInterval)
            {
                _bytesPerSecond = (writtenBytes - _sampledBytes) / (now - _sampledAt).TotalSeconds;
                (_sampledAt, _sampledBytes) = (now, writtenBytes);
            }

            return _bytesPerSecond;
        }
    }
}

internal sealed record SystemView(string Version, WallTime StartedAt, WallTime Now, string TimeZone, StoreView Store, CameraCounts Cameras);

/// <param name="CapacityBytes">What the disks hold.</param>
/// <param name="FreeBytes">What is free for new recordings without freeing old ones.</param>
/// <param name="Oldest">Start of the oldest recording.</param>
/// <param name="WrittenBytes">Since the start.</param>
/// <param name="CommittedFrames">Since the start: each was one write.</param>
/// <param name="MeanFrameBytes">Bytes of such a write on average; 0 before the first.</param>
/// <param name="BytesPerSecond">Over the last seconds.</param>
/// <param name="LastCommitMs">Time the last write took until it was durable.</param>
/// <param name="LongestCommitMs">The longest since the start.</param>
/// <param name="MedianCommitMs">Of the last 150 commits, 45 s at the default interval: half took no longer.</param>
/// <param name="P99CommitMs">Of the same commits: 99 of 100 took no longer.</param>
/// <param name="RecentLongestCommitMs">The longest of the same commits.</param>
/// <param name="MedianArrivalToDurableMs">From the arrival of a commit's oldest access unit until it was durable, what a power cut would have cost: half of those commits took no longer. 0 before the first.</param>
/// <param name="P99ArrivalToDurableMs">The same: 99 of 100 took no longer.</param>
/// <param name="LongestArrivalToDurableMs">The same: the longest.</param>
/// <param name="DroppedSamples">Access units that could not be stored since the start.</param>
/// <param name="RecoveringChunks">Chunks still to be verified after an unclean end.</param>
/// <param name="Fault">What is wrong, in words; null when nothing is.</param>
/// <param name="Warnings">What will go wrong, or goes less well than was asked for, while all is recorded; in words.</param>
internal sealed record StoreView(
    long CapacityBytes,
    long FreeBytes,
    WallTime? Oldest,
    long WrittenBytes,
    long CommittedFrames,
    long MeanFrameBytes,
    double BytesPerSecond,
    double LastCommitMs,
    double LongestCommitMs,
    double MedianCommitMs,
    double P99CommitMs,
    double RecentLongestCommitMs,
    double MedianArrivalToDurableMs,
    double P99ArrivalToDurableMs,
    double LongestArrivalToDurableMs,
    long DroppedSamples,
    int RecoveringChunks,
    string? Fault,
    IReadOnlyList<string> Warnings);

internal sealed record CameraCounts(int Total, int Recording);
