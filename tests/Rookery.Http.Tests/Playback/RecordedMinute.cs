// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Text.Json;
using Rookery.Foundation;
using Rookery.Recording;
using Rookery.Recording.Tests.Fakes;
using Rookery.Storage;

namespace Rookery.Http.Tests;

/// <summary>A running web server with one camera that was recorded for the minute after <see cref="Start"/>.</summary>
internal static class RecordedMinute
{
    public static readonly WallTime Start = ScriptedCamera.Noon;

    /// <summary>Twenty seconds in the middle of the minute, as a query.</summary>
    public static string Middle => Query(20, 40);

    public static string Query(double from, double to) => $"from={Start + TimeSpan.FromSeconds(from)}&to={Start + TimeSpan.FromSeconds(to)}";

    public static async Task<(RunningWeb Web, MemoryVideoStore Store)> StartAsync()
    {
        MemoryVideoStore store = new() { CommitEvery = TimeSpan.FromMilliseconds(400) };
        RunningWeb web = await RunningWeb.StartLoggedInAsync(store);
        string id = await web.AddCameraAsync();
        id.ShouldBe("1");
        new ScriptedCamera(store, new ChannelId(1)).Record(Start, TimeSpan.FromMinutes(1));
        store.Commit();
        return (web, store);
    }

    public static async Task<JsonElement> PreviewAsync(RunningWeb web, string query) => await web.GetAsync($"/api/v1/cameras/1/export?{query}");

    /// <summary>Takes away a record in the middle of the minute.</summary>
    public static async Task LoseMiddleAsync(MemoryVideoStore store)
    {
        StreamId stream = new TrackKey(new ChannelId(1), StreamRole.Main, 0).ToStreamId();
        WallRange instant = new(Start + TimeSpan.FromSeconds(30), Start + TimeSpan.FromSeconds(30.1));
        List<StoredRecord> records = [];
        await foreach (StoredRecord record in store.ReadRecordsAsync(stream, instant, CancellationToken.None))
        {
            records.Add(record);
        }

        store.Lose(records[0]);
    }
}
