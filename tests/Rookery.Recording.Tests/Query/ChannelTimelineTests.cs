// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;
using Rookery.Media;
using Rookery.Storage;

namespace Rookery.Recording.Tests;

public sealed class ChannelTimelineTests
{
    private static readonly ChannelId Channel = new(3);
    private readonly StoreThatRemembers _store = new(new ManualClock());

    [Fact]
    public void A_gap_is_shown_only_where_there_is_no_video()
    {
        Span(10, 20);
        Span(30, 40);
        Gap(15, 50, GapCause.RecorderFailed);
        Read().Gaps.ShouldBe([At(20, 30, GapCause.RecorderFailed), At(40, 50, GapCause.RecorderFailed)]);
    }

    [Fact]
    public void Pieces_of_one_cause_that_touch_are_one_gap()
    {
        Gap(10, 20, GapCause.Network);
        Gap(20, 30, GapCause.Network);
        Gap(30, 40, GapCause.CameraOffline);
        Read().Gaps.ShouldBe([At(10, 30, GapCause.Network), At(30, 40, GapCause.CameraOffline)]);
    }

    [Fact]
    public void Gaps_closer_than_the_resolution_are_merged()
    {
        Gap(10, 20, GapCause.Network);
        Gap(25, 30, GapCause.Network);
        ChannelTimeline.Read(_store, Channel, new WallRange(new WallTime(0), new WallTime(100)), TimeSpan.FromMicroseconds(5)).Gaps.ShouldBe([At(10, 30, GapCause.Network)]);
        Read().Gaps.Count.ShouldBe(2);
    }

    private ChannelTimeline Read() => ChannelTimeline.Read(_store, Channel, new WallRange(new WallTime(0), new WallTime(100)), TimeSpan.Zero);

    private static Gap At(long from, long to, GapCause cause) => new(new WallRange(new WallTime(from), new WallTime(to)), cause);

    private void Gap(long from, long to, GapCause cause) => _store.AppendGap(new TrackKey(Channel, StreamRole.Main, 0).ToStreamId(), 0, default, At(from, to, cause));

    private void Span(long from, long to)
    {
        BlockPool pool = new(1 << 20);
        IStreamAppender run = _store.BeginRun(new RunStart(new TrackKey(Channel, StreamRole.Main, 0).ToStreamId(), 0, default, 90000, CameraThatObeys.Video.ToBytes()));
        run.TryAppend(new Sample(0, 0, SampleFlags.RandomAccess, new WallTime(from), new BlockSlice(pool.TryRent(1)!, 0, 1)));
        run.TryAppend(new Sample(1, 0, SampleFlags.None, new WallTime(to) - TimeSpan.FromMilliseconds(40), new BlockSlice(pool.TryRent(1)!, 0, 1)));
        _store.Commit();
    }
}
