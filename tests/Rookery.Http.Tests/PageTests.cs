// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Net;

namespace Rookery.Http.Tests;

public sealed class PageTests
{
    [Fact]
    public async Task The_page_answers_for_its_own_addresses_and_never_for_the_api()
    {
        using TemporaryDirectory page = new();
        Directory.CreateDirectory(Path.Combine(page.Path, "assets"));
        await File.WriteAllTextAsync(Path.Combine(page.Path, "index.html"), "<title>Rookery</title>");
        await File.WriteAllTextAsync(Path.Combine(page.Path, "assets", "app-1a2b.js"), "export {}");
        await using RunningWeb web = await RunningWeb.StartAsync(page.Path);

        foreach (string address in (string[])["/", "/cameras", "/playback/7"])
        {
            using HttpResponseMessage answer = await web.Client.GetAsync(address);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK, address);
            (await answer.Content.ReadAsStringAsync()).ShouldContain("Rookery");
            answer.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("frame-ancestors 'none'");
            answer.Headers.GetValues("X-Content-Type-Options").Single().ShouldBe("nosniff");
        }

        using HttpResponseMessage script = await web.Client.GetAsync("/assets/app-1a2b.js");
        script.Content.Headers.ContentType!.MediaType.ShouldBe("text/javascript");
        script.Headers.CacheControl!.ToString().ShouldContain("immutable");
        using HttpResponseMessage missing = await web.Client.GetAsync("/assets/none.js");
        missing.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        using HttpResponseMessage outside = await web.Client.GetAsync("/..%2f..%2fetc%2fpasswd");
        (await outside.Content.ReadAsStringAsync()).ShouldNotContain("root:");
    }
}
