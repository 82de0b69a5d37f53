// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Rookery.Media.Mp4.Reading;
using Rookery.Recording.Tests.Fakes;

namespace Rookery.Http.Tests;

public sealed class ExportTests
{
    private static string Address => $"/api/v1/cameras/1/export.mp4?{RecordedMinute.Middle}";

    [Fact]
    public async Task A_download_is_as_long_as_its_preview_and_its_head_say()
    {
        (RunningWeb web, _) = await RecordedMinute.StartAsync();
        await using RunningWeb running = web;
        JsonElement preview = await RecordedMinute.PreviewAsync(web, RecordedMinute.Middle);
        preview.GetProperty("durationSeconds").GetDouble().ShouldBe(20, 0.05);
        preview.GetProperty("codec").GetString().ShouldBe("h264");
        preview.GetProperty("audioCodec").GetString().ShouldBe("aac");
        preview.GetProperty("fileName").GetString().ShouldBe("Gate_2026-11-22_12-00-20Z.mp4");

        using HttpRequestMessage head = new(HttpMethod.Head, Address);
        using HttpResponseMessage announced = await web.Client.SendAsync(head);
        using HttpResponseMessage answer = await web.Client.GetAsync(Address);
        byte[] file = await answer.Content.ReadAsByteArrayAsync();
        file.Length.ShouldBe(preview.GetProperty("bytes").GetInt32());
        announced.Content.Headers.ContentLength.ShouldBe(file.Length);
        answer.Headers.AcceptRanges.ShouldContain("bytes");
        answer.Content.Headers.ContentDisposition!.DispositionType.ShouldBe("attachment");
        Mp4Reader.Read(new MemoryStream(file)).Tracks.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData("bytes=0-0")]
    [InlineData("bytes=100-5000")]
    [InlineData("bytes=100-")]
    [InlineData("bytes=-77")]
    [InlineData("bytes=100-99999999")]
    public async Task A_part_is_the_same_bytes_as_in_the_whole(string asked)
    {
        (RunningWeb web, _) = await RecordedMinute.StartAsync();
        await using RunningWeb running = web;
        byte[] whole = await web.Client.GetByteArrayAsync(Address);
        using HttpRequestMessage request = new(HttpMethod.Get, Address);
        request.Headers.Add("Range", asked);
        using HttpResponseMessage answer = await web.Client.SendAsync(request);
        answer.StatusCode.ShouldBe(HttpStatusCode.PartialContent);
        ContentRangeHeaderValue range = answer.Content.Headers.ContentRange!;
        range.Length.ShouldBe(whole.Length);
        (await answer.Content.ReadAsByteArrayAsync()).ShouldBe(whole[(int)range.From!.Value..((int)range.To!.Value + 1)]);
    }

    [Fact]
    public async Task Validators_and_impossible_ranges_are_answered_as_the_rfc_says()
    {
        (RunningWeb web, _) = await RecordedMinute.StartAsync();
        await using RunningWeb running = web;
        using HttpResponseMessage first = await web.Client.GetAsync(Address);
        string etag = first.Headers.ETag!.ToString();

        (await StatusAsync(web, ("If-None-Match", etag))).ShouldBe(HttpStatusCode.NotModified);
        (await StatusAsync(web, ("If-None-Match", "\"other\""))).ShouldBe(HttpStatusCode.OK);
        (await StatusAsync(web, ("Range", "bytes=0-9"), ("If-Range", etag))).ShouldBe(HttpStatusCode.PartialContent);
        (await StatusAsync(web, ("Range", "bytes=0-9"), ("If-Range", "\"other\""))).ShouldBe(HttpStatusCode.OK);
        (await StatusAsync(web, ("Range", "bytes=0-9,20-29"))).ShouldBe(HttpStatusCode.OK);
        (await StatusAsync(web, ("Range", "bytes=999999999-"))).ShouldBe(HttpStatusCode.RequestedRangeNotSatisfiable);
        (await StatusAsync(web, ("Range", "bytes=9-0"))).ShouldBe(HttpStatusCode.OK);
        (await StatusAsync(web, ("Range", "bananas"))).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_head_tells_the_whole_file_whatever_range_it_names()
    {
        (RunningWeb web, _) = await RecordedMinute.StartAsync();
        await using RunningWeb running = web;
        using HttpRequestMessage head = new(HttpMethod.Head, Address);
        head.Headers.Add("Range", "bytes=0-9");
        using HttpResponseMessage answer = await web.Client.SendAsync(head);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Content.Headers.ContentLength!.Value.ShouldBeGreaterThan(10);
    }

    [Fact]
    public async Task More_downloads_than_memory_is_kept_for_are_told_to_come_again()
    {
        (RunningWeb web, _) = await RecordedMinute.StartAsync();
        await using RunningWeb running = web;
        Turns sending = web.App.Services.GetRequiredService<Exports>().Sending;
        for (int i = 0; i < sending.Maximum; i++)
        {
            (await sending.TryBeginAsync(CancellationToken.None)).ShouldBeTrue();
        }

        using (HttpResponseMessage refused = await web.Client.GetAsync(Address))
        {
            await RunningWeb.ProblemAsync(refused, HttpStatusCode.ServiceUnavailable);
            refused.Headers.RetryAfter.ShouldNotBeNull();
        }

        sending.End();
        (await web.Client.GetByteArrayAsync(Address)).ShouldNotBeEmpty();
        (await web.Client.GetByteArrayAsync(Address)).ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Sound_is_left_out_on_demand_and_a_range_without_video_is_not_found()
    {
        (RunningWeb web, _) = await RecordedMinute.StartAsync();
        await using RunningWeb running = web;
        JsonElement preview = await RecordedMinute.PreviewAsync(web, RecordedMinute.Middle + "&audio=false");
        preview.GetProperty("audioCodec").ValueKind.ShouldBe(JsonValueKind.Null);
        using HttpResponseMessage nothing = await web.Client.GetAsync($"/api/v1/cameras/1/export.mp4?{RecordedMinute.Query(3600, 3700)}");
        await RunningWeb.ProblemAsync(nothing, HttpStatusCode.NotFound);
        using HttpResponseMessage tooLong = await web.Client.GetAsync($"/api/v1/cameras/1/export.mp4?{RecordedMinute.Query(0, 86_401)}");
        await RunningWeb.ProblemAsync(tooLong, HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task When_a_record_is_lost_midway_the_connection_breaks_instead_of_ending_in_made_up_bytes()
    {
        (RunningWeb web, MemoryVideoStore store) = await RecordedMinute.StartAsync();
        await using RunningWeb running = web;
        await RecordedMinute.PreviewAsync(web, RecordedMinute.Middle);
        await RecordedMinute.LoseMiddleAsync(store);
        await Should.ThrowAsync<HttpRequestException>(() => web.Client.GetByteArrayAsync(Address));
    }

    private static async Task<HttpStatusCode> StatusAsync(RunningWeb web, params (string Name, string Value)[] headers)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, Address);
        foreach ((string name, string value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using HttpResponseMessage answer = await web.Client.SendAsync(request);
        return answer.StatusCode;
    }
}
