// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;
using Rookery.Media;

namespace Rookery.Recording.Tests;

public sealed class StreamHubTests
{
    private readonly BlockPool _pool = new(256 << 20);
    private readonly StreamHub _hub = new();
    private long _time;

    public StreamHubTests()
    {
        _hub.BeginSession(hasVideo: true);
        _hub.SetFormat(0, CameraThatObeys.Video);
        _hub.SetFormat(1, CameraThatObeys.Audio);
    }

    [Fact]
    public void A_viewer_begins_with_the_present_group_of_pictures()
    {
        Publish(0, key: true);
        Publish(0);
        Publish(0, key: true);
        Publish(1);
        Publish(0);
        using StreamReader reader = _hub.TrySubscribe()!;
        Publish(0);
        Read(reader).Select(item => (item.Track, item.Unit.DecodeTime)).ShouldBe([(0, 3), (1, 4), (0, 5), (0, 6)]);
    }

    [Fact]
    public void A_viewer_without_a_cached_picture_waits_for_the_next_random_access_point_only_when_it_fell_behind()
    {
        using StreamReader reader = _hub.TrySubscribe()!;
        Publish(0, key: true);
        for (int i = 0; i < StreamReader.Capacity + 10; i++)
        {
            Publish(0);
        }

        List<StreamItem> first = Read(reader);
        first.Count.ShouldBe(StreamReader.Capacity);
        Publish(0);
        Publish(1);
        Read(reader).ShouldBeEmpty();
        Publish(0, key: true);
        Publish(0);
        Read(reader).Count.ShouldBe(2);
        reader.Skipped.ShouldBe(13);
    }

    [Fact]
    public void A_group_of_pictures_above_the_limit_is_not_kept()
    {
        Publish(0, key: true, bytes: 1 << 19);
        Publish(0, bytes: 1 << 20);
        Publish(0);
        using StreamReader reader = _hub.TrySubscribe()!;
        Read(reader).ShouldBeEmpty();
        _pool.RentedBytes.ShouldBe(0);
    }

    [Fact]
    public void A_new_session_leaves_nothing_of_the_old_one()
    {
        Publish(0, key: true);
        _hub.BeginSession(hasVideo: true);
        using StreamReader reader = _hub.TrySubscribe()!;
        Publish(0, key: true);
        Read(reader).ShouldBeEmpty("the new session has no format yet");
        _hub.SetFormat(0, CameraThatObeys.Video);
        Publish(0, key: true);
        Read(reader).ShouldHaveSingleItem().Session.ShouldBe(2);
    }

    [Fact]
    public void A_reader_that_leaves_gives_everything_back()
    {
        StreamReader reader = _hub.TrySubscribe()!;
        Publish(0, key: true);
        Publish(0);
        reader.Dispose();
        _hub.ReaderCount.ShouldBe(0);
        _hub.EndSession();
        _pool.RentedBytes.ShouldBe(0);
    }

    [Fact]
    public async Task A_closed_hub_ends_its_readers_and_takes_no_more()
    {
        using StreamReader reader = _hub.TrySubscribe()!;
        _hub.Close();
        (await reader.WaitToReadAsync(TestContext.Current.CancellationToken)).ShouldBeFalse();
        _hub.TrySubscribe().ShouldBeNull();
    }

    [Fact]
    public void No_more_than_the_limit_may_read()
    {
        StreamReader[] readers = [.. Enumerable.Range(0, StreamHub.MaximumReaders).Select(_ => _hub.TrySubscribe()!)];
        readers.ShouldAllBe(reader => reader != null);
        _hub.TrySubscribe().ShouldBeNull();
        readers[0].Dispose();
        _hub.TrySubscribe().ShouldNotBeNull();
    }

    /// <summary>Goal: no viewer comes between camera and disk. Method: a pool of 16 blocks, and as many access units as it has blocks for those who keep everything.</summary>
    [Fact]
    public void When_memory_runs_short_viewers_lose_before_recording_does()
    {
        BlockPool small = new(16 * BlockPool.MinimumBlockBytes);
        using StreamReader reader = _hub.TrySubscribe()!;
        Publish(0, key: true, pool: small);
        for (int i = 0; i < 40; i++)
        {
            Publish(0, pool: small);
        }

        small.IsShort.ShouldBeFalse();
        reader.Skipped.ShouldBe(29);
        Read(reader).Count.ShouldBe(12);
        small.RentedBytes.ShouldBe(0);
        Publish(0, pool: small);
        Publish(0, key: true, pool: small);
        Read(reader).ShouldHaveSingleItem().Unit.IsRandomAccess.ShouldBeTrue();
    }

    private void Publish(int track, bool key = false, int bytes = 100, BlockPool? pool = null)
    {
        _time++;
        Block block = (pool ?? _pool).TryRent(bytes)!;
        _hub.Publish(track, new AccessUnit(_time, 0, key ? AccessUnitFlags.RandomAccess : AccessUnitFlags.None, new BlockSlice(block, 0, bytes)), new WallTime(_time));
        block.Release();
    }

    private static List<StreamItem> Read(StreamReader reader)
    {
        List<StreamItem> items = [];
        while (reader.TryRead(out StreamItem item))
        {
            items.Add(item);
            item.Release();
        }

        return items;
    }
}
