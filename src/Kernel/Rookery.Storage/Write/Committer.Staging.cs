// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>What waits is taken over for a commit, and each run is put on a head when it comes.</summary>
internal sealed partial class Committer
{
    /// <summary>
    /// Heads beyond the first of each class. A superblock has 40 places for open columns: 24 classes, the copies of held footage and these leave seven for what a crash left open. Beyond it, heads are
    /// shared by more channels.
    /// </summary>
    internal const int MostFurtherHeads = 8;

    /// <summary>How often the runs' rates are measured: a group of pictures or two, so that the large ones weigh as they should.</summary>
    private static readonly TimeSpan BetweenMeasurements = TimeSpan.FromSeconds(10);

    /// <summary>What a run is taken to send before it was measured, where no other says better: a camera of 4 Mbit/s.</summary>
    private const double AssumedBytesPerSecond = 500_000;

    private readonly WriteHeads _heads = new();
    private MonotonicTime _measuredAt;

    private void Stage()
    {
        List<StagedGap> gaps = [];
        lock (_gate)
        {
            _appenders.RemoveAll(static appender => !appender.Stage());
            _staged.Clear();
            _staged.AddRange(_appenders);
            gaps.AddRange(_pendingGaps);
            _pendingGaps.Clear();
            _stagedGaps = gaps.Count + _heads.All.Sum(static h => h.Gaps.Count);
        }

        Measure(MonotonicTime.Now(_state.Clock));
        foreach (WriteHead head in _heads.All)
        {
            head.Staged.Clear();
        }

        foreach (StreamAppender appender in _staged)
        {
            appender.Head ??= ChooseHead(appender);
            appender.Head.Staged.Add(appender);
        }

        _state.Counters.WriteHeads = _heads.All.Count(static h => h.Staged.Count > 0);
        foreach (StagedGap gap in gaps)
        {
            HeadOf(gap).Gaps.Add(gap);
        }
    }

    /// <summary>The head for a new run: that of its channel's other runs; else the one that has the least to do.</summary>
    private WriteHead ChooseHead(StreamAppender appender)
    {
        List<StreamAppender> others = _staged.FindAll(a => a.Head is not null && a.Class == appender.Class);
        if (others.Find(a => a.Channel == appender.Channel) is { } sibling)
        {
            return sibling.Head!;
        }

        double unmeasured = others.Where(static a => a.BytesPerSecond is not null).Select(static a => a.BytesPerSecond!.Value).DefaultIfEmpty(AssumedBytesPerSecond).Average();
        List<HeadChoice.Facts> heads = [.. _heads.All.Where(h => h.Class == appender.Class).Select(h =>
        {
            List<StreamAppender> mine = others.FindAll(a => ReferenceEquals(a.Head, h));
            return new HeadChoice.Facts(h.Id.Number, mine.Select(static a => a.Channel).Distinct().Count(), mine.Sum(a => a.BytesPerSecond ?? unmeasured), mine.Sum(static a => a.BytesPerSecond ?? 0));
        })];
        byte? latest = appender.Index.LatestHead is { } head && head.Class == appender.Class ? head.Number : null;
        return _heads.Get(new HeadId(appender.Class, HeadChoice.Choose(heads, latest, _state.Options.ChannelsPerHead, MayOpenFurtherHead(appender.Class))));
    }

    /// <summary>Superblocks have places for one more, and the disks room: chunks that are being written must stay a small part of the pool, or little is left to keep.</summary>
    private bool MayOpenFurtherHead(byte retentionClass)
    {
        int zones = _state.Disks.All.Where(static d => d.State == DiskState.Online).Sum(static d => d.Geometry.ZoneCount);
        return _heads.All.Count(h => !IsFirst(h)) < MostFurtherHeads
            && (_heads.All.Count + 1) * _state.LayoutOf(retentionClass).Columns * _state.Options.ZonesPerHead <= zones;
    }

    private bool IsFirst(WriteHead head) => !_heads.All.Any(h => h.Class == head.Class && h.Id.Number < head.Id.Number);

    /// <summary>A gap goes where its stream is, or was; else to the first head of its class.</summary>
    private WriteHead HeadOf(in StagedGap gap)
    {
        StreamId stream = gap.Stream;
        byte retentionClass = gap.Class;
        return _staged.Find(a => a.Stream == stream && a.Class == retentionClass)?.Head
            ?? (_state.Streams.Find(stream)?.LatestHead is { } latest && latest.Class == retentionClass ? _heads.Find(latest) : null)
            ?? _heads.All.FirstOrDefault(h => h.Class == retentionClass)
            ?? _heads.Get(new HeadId(retentionClass, 0));
    }

    private void Measure(MonotonicTime now)
    {
        if (now - _measuredAt < BetweenMeasurements)
        {
            return;
        }

        _measuredAt = now;
        foreach (StreamAppender appender in _staged)
        {
            appender.Measure(now);
        }
    }
}
