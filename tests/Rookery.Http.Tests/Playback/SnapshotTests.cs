// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Net;
using Rookery.Foundation;
using Rookery.Recording;
using Rookery.Recording.Playback;
using Rookery.Recording.Tests.Fakes;

namespace Rookery.Http.Tests;

public sealed class SnapshotTests
{
    [Theory]
    [InlineData("", HttpStatusCode.BadRequest)]
    [InlineData("?at=noon", HttpStatusCode.BadRequest)]
    [InlineData("?at=2026-11-22T12:00:10Z&width=10", HttpStatusCode.BadRequest)]
    [InlineData("?at=2026-11-22T12:00:10Z&width=wide", HttpStatusCode.BadRequest)]
    [InlineData("?at=2026-11-22T20:00:10Z", HttpStatusCode.NotFound)]
    [InlineData("?at=live", HttpStatusCode.NotFound)]
    public async Task What_is_no_picture_is_told_as_problem_details(string query, HttpStatusCode expected)
    {
        (RunningWeb web, _) = await RecordedMinute.StartAsync();
        await using RunningWeb running = web;
        using HttpResponseMessage answer = await web.Client.GetAsync($"/api/v1/cameras/1/snapshot.jpg{query}");
        await RunningWeb.ProblemAsync(answer, expected);
    }

    [Theory]
    [Trait("Category", "Tools")]
    [InlineData("h264-aac.mp4")]
    [InlineData("h265.mp4")]
    public async Task A_recorded_instant_becomes_a_jpeg_of_the_asked_width(string clip)
    {
        MemoryVideoStore store = new() { CommitEvery = TimeSpan.FromMilliseconds(400) };
        await using RunningWeb web = await RunningWeb.StartLoggedInAsync(store);
        await web.AddCameraAsync();
        WallTime start = ScriptedCamera.Noon;
        new ClipCamera($"mp4/{clip}").Record(store, new ChannelId(1), start, loops: 2);
        store.Commit();

        foreach (int width in (int[])[320, 800])
        {
            string address = $"/api/v1/cameras/1/snapshot.jpg?at={start + TimeSpan.FromSeconds(1)}&width={width}";
            byte[] jpeg = await web.Client.GetByteArrayAsync(address);
            WidthOf(jpeg).ShouldBe(width);
            (await web.Client.GetByteArrayAsync(address)).ShouldBe(jpeg);
        }
    }

    /// <summary>Goal: a flood of requests takes no memory. Method: a store that does not answer; only those whose turn it is may have asked it.</summary>
    [Fact]
    public async Task Coded_pictures_are_read_only_by_those_whose_turn_it_is_and_who_comes_too_late_is_told_to_wait()
    {
        PictureDecoder decoder = new();
        TaskCompletionSource<SnapshotClip?> store = new();
        int asked = 0;
        Task<DecodedPicture>[] all = [.. Enumerable.Range(0, PictureDecoder.AtOneTime + PictureDecoder.MaximumWaiting).Select(_ => Ask())];
        (await Ask()).Outcome.ShouldBe(DecodeOutcome.Busy);
        asked.ShouldBe(PictureDecoder.AtOneTime);

        store.SetResult(null);
        (await Task.WhenAll(all)).ShouldAllBe(picture => picture.Outcome == DecodeOutcome.Nothing);
        (await Ask()).Outcome.ShouldBe(DecodeOutcome.Nothing);

        Task<DecodedPicture> Ask() => decoder.DecodeAsync(
            _ =>
            {
                Interlocked.Increment(ref asked);
                return store.Task;
            },
            width: null,
            CancellationToken.None);
    }

    [Fact]
    public void Remembered_pictures_stay_within_their_bytes_and_those_in_use_stay_longest()
    {
        SnapshotCache cache = new();
        SnapshotKey used = Key(0);
        cache.Add(used, new byte[1 << 20]);
        for (int i = 1; i <= 40; i++)
        {
            cache.Add(Key(i), new byte[1 << 20]);
            cache.Find(used).ShouldNotBeNull();
        }

        Enumerable.Range(0, 41).Count(i => cache.Find(Key(i)) is not null).ShouldBe(SnapshotCache.MaximumBytes >> 20);

        static SnapshotKey Key(int i) => new(new ChannelId(1), new WallTime(i), 320);
    }

    /// <summary>Reads the width from the frame header (ISO/IEC 10918-1 §B.2.2).</summary>
    private static int WidthOf(byte[] jpeg)
    {
        jpeg.AsSpan(0, 2).ToArray().ShouldBe(new byte[] { 0xFF, 0xD8 });
        for (int at = 2; at + 9 < jpeg.Length; at += 2 + ((jpeg[at + 2] << 8) | jpeg[at + 3]))
        {
            if (jpeg[at + 1] is 0xC0 or 0xC1 or 0xC2)
            {
                return (jpeg[at + 7] << 8) | jpeg[at + 8];
            }
        }

        return 0;
    }
}
