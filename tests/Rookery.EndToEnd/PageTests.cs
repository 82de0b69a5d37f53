// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Microsoft.Playwright;
using Rookery.Farm;
using Rookery.Media;

namespace Rookery.EndToEnd;

/// <summary>The page in a real browser on the real program: pictures must really move.</summary>
public sealed class PageTests
{
    [Fact]
    public async Task A_person_logs_in_sees_live_pictures_plays_back_and_downloads()
    {
        await using FarmServer farm = await TestFarm.StartAsync(new FarmServerOptions { Cameras = 1 }, TestFarm.Small());
        await using RookeryServer server = new();
        await server.StartAsync();
        DateTimeOffset start = DateTimeOffset.UtcNow;
        string camera = await server.AddCameraAsync(farm.Url(1).ToString(), "gate");
        await server.Api.WaitForDurableAsync(camera, start, TimeSpan.FromSeconds(6));

        await using Chromium browser = await Chromium.StartAsync();
        await browser.LogInAsync(server);
        await browser.Page.Locator("figure[data-status=playing]").WaitForAsync();
        await browser.WaitForMovingPictureAsync();
        await Screenshots.KeepAsync("live", await browser.Page.ScreenshotAsync());

        await browser.Page.GotoAsync(new Uri(server.Address, $"playback/{camera}?at={RookeryApi.Format(start + TimeSpan.FromSeconds(2))}").ToString());
        await browser.WaitForMovingPictureAsync();
        await Screenshots.KeepAsync("playback", await browser.Page.ScreenshotAsync());

        await browser.Page.GetByLabel("Download").First.ClickAsync();
        ILocator link = browser.Page.Locator("a[download]");
        await link.WaitForAsync();
        await Screenshots.KeepAsync("download", await browser.Page.ScreenshotAsync());
        IDownload download = await browser.Page.RunAndWaitForDownloadAsync(() => link.ClickAsync());
        byte[] file = await File.ReadAllBytesAsync(await download.PathAsync());
        Comparison.Pieces(Comparison.Units(file, 0), farm.Log(1)!.Snapshot(), 0).ShouldHaveSingleItem();
        browser.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_live_picture_comes_back_by_itself_when_the_camera_does()
    {
        await using FarmServer farm = await TestFarm.StartAsync(new FarmServerOptions { Cameras = 1 }, TestFarm.Small());
        await using RookeryServer server = new();
        await server.StartAsync();
        string camera = await server.AddCameraAsync(farm.Url(1).ToString(), "gate");
        await server.Api.WaitForRecordingAsync(camera);
        await using Chromium browser = await Chromium.StartAsync();
        await browser.LogInAsync(server);
        await browser.WaitForMovingPictureAsync();
        farm.TakeOffline(1);
        await browser.Page.Locator("figure:not([data-status=playing])").WaitForAsync();
        farm.Resume(1);
        await browser.Page.Locator("figure[data-status=playing]").WaitForAsync(new LocatorWaitForOptions { Timeout = 60_000 });
        await browser.WaitForMovingPictureAsync();
    }

    [Fact]
    public async Task A_live_picture_goes_on_while_the_camera_sends_no_sound()
    {
        await using FarmServer farm = await TestFarm.StartAsync(new FarmServerOptions { Cameras = 1 }, TestFarm.Small());
        await using RookeryServer server = new();
        await server.StartAsync();
        string camera = await server.AddCameraAsync(farm.Url(1).ToString(), "gate");
        await server.Api.WaitForRecordingAsync(camera);
        await using Chromium browser = await Chromium.StartAsync();
        await browser.LogInAsync(server);
        await browser.WaitForMovingPictureAsync();

        // A player that waited for sound would stand at the end of it, for as long as there is none; a new start would begin at another time, which is counted.
        await browser.Page.EvaluateAsync("() => { window.starts = 0; document.querySelector('video').addEventListener('loadstart', () => window.starts++); }");
        farm.Mute(1);
        double muted = await TimeAsync(browser);
        await browser.Page.WaitForFunctionAsync("since => document.querySelector('video').currentTime > since + 5", muted);
        farm.Resume(1);
        await browser.Page.WaitForFunctionAsync("since => document.querySelector('video').currentTime > since + 8", muted);
        (await browser.Page.EvaluateAsync<int>("() => window.starts")).ShouldBe(0);
        browser.Errors.ShouldBeEmpty();
    }

    private static Task<double> TimeAsync(Chromium browser) => browser.Page.EvaluateAsync<double>("() => document.querySelector('video').currentTime");

    [Fact]
    public async Task A_live_picture_comes_back_by_itself_after_the_server_was_killed()
    {
        await using FarmServer farm = await TestFarm.StartAsync(new FarmServerOptions { Cameras = 1 }, TestFarm.Small());
        await using RookeryServer server = new();
        await server.StartAsync();
        string camera = await server.AddCameraAsync(farm.Url(1).ToString(), "gate");
        await server.Api.WaitForRecordingAsync(camera);
        await using Chromium browser = await Chromium.StartAsync();
        await browser.LogInAsync(server);
        await browser.WaitForMovingPictureAsync();
        await server.KillAsync();
        await browser.Page.Locator("figure:not([data-status=playing])").WaitForAsync();
        await server.StartAsync(samePort: true);
        await browser.Page.Locator("figure[data-status=playing]").WaitForAsync(new LocatorWaitForOptions { Timeout = 60_000 });
        await browser.WaitForMovingPictureAsync();
    }

    [Fact]
    public async Task A_camera_is_tested_and_added_on_the_page()
    {
        await using FarmServer farm = await TestFarm.StartAsync(new FarmServerOptions { Cameras = 1 }, TestFarm.Small());
        await using RookeryServer server = new();
        await server.StartAsync();
        await using Chromium browser = await Chromium.StartAsync();
        await browser.LogInAsync(server);
        await browser.Page.GotoAsync(new Uri(server.Address, "cameras").ToString());
        await browser.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Add camera" }).First.ClickAsync();
        ILocator dialog = browser.Page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Name").First.FillAsync("gate");
        await dialog.GetByLabel("Address").First.FillAsync(farm.Url(1).ToString());
        await dialog.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Test connection" }).ClickAsync();
        await dialog.GetByText("640").First.WaitForAsync(new LocatorWaitForOptions { Timeout = 30_000 });
        await Screenshots.KeepAsync("add-camera", await browser.Page.ScreenshotAsync());
        await dialog.Locator("button[type=submit]").ClickAsync();
        await browser.Page.GetByText("gate").First.WaitForAsync();
        await server.Api.WaitForRecordingAsync("1");
        browser.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Chromium_is_told_that_it_cannot_play_H265_and_Firefox_plays_it()
    {
        await using FarmServer farm = await TestFarm.StartAsync(new FarmServerOptions { Cameras = 1 }, TestFarm.Small(codec: Codec.H265));
        await using RookeryServer server = new();
        await server.StartAsync();
        DateTimeOffset start = DateTimeOffset.UtcNow;
        string camera = await server.AddCameraAsync(farm.Url(1).ToString(), "gate");
        await server.Api.WaitForDurableAsync(camera, start, TimeSpan.FromSeconds(5));

        await using (Chromium chromium = await Chromium.StartAsync())
        {
            await chromium.LogInAsync(server);
            await chromium.Page.Locator("figure[data-status=unsupported]").WaitForAsync();
            (await chromium.Page.Locator("figure").First.InnerTextAsync()).ShouldContain("H.265");
            await Screenshots.KeepAsync("h265-refused", await chromium.Page.ScreenshotAsync());
        }

        await using Firefox firefox = await Firefox.StartAsync();
        await firefox.NavigateAsync(server.Address.ToString());
        foreach (System.Net.Cookie cookie in server.Api.Cookies)
        {
            await firefox.SetCookieAsync(server.Address, cookie.Name, cookie.Value);
        }

        await firefox.NavigateAsync(server.Address.ToString());
        await WaitForMovingPictureAsync(firefox);
        await Screenshots.KeepAsync("h265-live-firefox", await firefox.ScreenshotAsync());
        await firefox.NavigateAsync(new Uri(server.Address, $"playback/{camera}?at={RookeryApi.Format(start + TimeSpan.FromSeconds(1))}").ToString());
        await WaitForMovingPictureAsync(firefox);
        await Screenshots.KeepAsync("h265-playback-firefox", await firefox.ScreenshotAsync());
    }

    [Theory]
    [InlineData(360, 740)]
    [InlineData(1280, 800)]
    public async Task Every_page_fits_its_width(int width, int height)
    {
        await using FarmServer farm = await TestFarm.StartAsync(new FarmServerOptions { Cameras = 4 }, TestFarm.Small(), TestFarm.Small(1), TestFarm.Small(2), TestFarm.Small(3));
        await using RookeryServer server = new();
        await server.StartAsync();
        string[] names = ["Gate", "Yard", "Lobby", "Street"];
        for (int i = 1; i <= names.Length; i++)
        {
            await server.AddCameraAsync(farm.Url(i).ToString(), names[i - 1]);
        }

        await server.Api.WaitForRecordingAsync("4");
        await using Chromium browser = await Chromium.StartAsync(width, height);
        await browser.LogInAsync(server);
        foreach (string page in (string[])["", "playback", "cameras", "system"])
        {
            await browser.Page.GotoAsync(new Uri(server.Address, page).ToString());
            await browser.Page.Locator("main").First.WaitForAsync();
            await browser.Page.Locator(Landmark(page)).First.WaitForAsync();
            await Screenshots.KeepAsync($"{width}-{(page.Length == 0 ? "wall" : page)}", await browser.Page.ScreenshotAsync());
            (await browser.Page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= window.innerWidth")).ShouldBeTrue($"/{page} is wider than {width}");
        }

        browser.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Everything_is_in_Chinese_for_those_who_read_it()
    {
        await using FarmServer farm = await TestFarm.StartAsync(new FarmServerOptions { Cameras = 1 }, TestFarm.Small());
        await using RookeryServer server = new();
        await server.StartAsync();
        await server.AddCameraAsync(farm.Url(1).ToString(), "街");
        await server.Api.WaitForRecordingAsync("1");
        await using Chromium browser = await Chromium.StartAsync(locale: "zh-CN");
        await browser.LogInAsync(server);
        (await browser.Page.EvaluateAsync<string>("() => document.documentElement.lang")).ShouldBe("zh-CN");
        HashSet<string> english = await OnlyEnglishAsync();
        foreach ((string page, string landmark) in ((string, string)[])[("", "figure[data-status=playing]"), ("playback", "canvas"), ("cameras", "text=街"), ("system", "main h2")])
        {
            await browser.Page.GotoAsync(new Uri(server.Address, page).ToString());
            await browser.Page.Locator(landmark).First.WaitForAsync();
            (await TextsAsync(browser)).Where(english.Contains).ShouldBeEmpty($"/{page} shows English");
        }

        await browser.Page.GotoAsync(new Uri(server.Address, "cameras").ToString());
        await browser.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "添加摄像机" }).First.ClickAsync();
        await browser.Page.GetByRole(AriaRole.Dialog).WaitForAsync();
        (await TextsAsync(browser)).Where(english.Contains).ShouldBeEmpty("the dialog shows English");
        browser.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_person_without_a_mouse_adds_a_camera_chooses_the_wall_and_plays_back()
    {
        await using FarmServer farm = await TestFarm.StartAsync(new FarmServerOptions { Cameras = 1 }, TestFarm.Small());
        await using RookeryServer server = new();
        await server.StartAsync();
        await using Chromium browser = await Chromium.StartAsync();
        await browser.LogInAsync(server);
        IKeyboard keys = browser.Page.Keyboard;

        await TabToAsync(browser, "Cameras");
        await keys.PressAsync("Enter");
        await browser.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Add camera" }).First.WaitForAsync();
        await TabToAsync(browser, "Add camera");
        await keys.PressAsync("Enter");
        ILocator dialog = browser.Page.GetByRole(AriaRole.Dialog);
        await dialog.WaitForAsync();
        await TabToAsync(browser, "Name");
        await keys.TypeAsync("gate");
        await TabToAsync(browser, "Address");
        await keys.TypeAsync(farm.Url(1).ToString());
        await TabToAsync(browser, "Test connection");
        await keys.PressAsync("Enter");
        await dialog.Locator("[data-test-result=true]").WaitForAsync(new LocatorWaitForOptions { Timeout = 30_000 });
        await TabToAsync(browser, "Add camera");
        await keys.PressAsync("Enter");
        await dialog.WaitForAsync(new LocatorWaitForOptions { State = WaitForSelectorState.Detached });
        await server.Api.WaitForRecordingAsync("1");

        await TabToAsync(browser, "Live");
        await keys.PressAsync("Enter");
        await browser.Page.Locator("figure[data-status=playing]").WaitForAsync();
        await keys.PressAsync("9");
        await browser.Page.Locator("[data-layout='9']").WaitForAsync();
        await keys.PressAsync("?");
        await dialog.WaitForAsync();
        await keys.PressAsync("Escape");
        await dialog.WaitForAsync(new LocatorWaitForOptions { State = WaitForSelectorState.Detached });

        await TabToAsync(browser, "Playback");
        await keys.PressAsync("Enter");
        await browser.Page.Locator("canvas").First.WaitForAsync();
        // The camera is a few seconds old: the page waits for its first segment by itself.
        await browser.Page.Locator("[data-status=ready]").WaitForAsync(new LocatorWaitForOptions { Timeout = 60_000 });
        await keys.PressAsync("d");
        await dialog.WaitForAsync();
        browser.Errors.ShouldBeEmpty();
    }

    /// <summary>Presses Tab until what has the focus is called so: by its label, its name for screen readers, or its text. It must be visible.</summary>
    private static async Task TabToAsync(Chromium browser, string name)
    {
        const string Focused = """
            () => {
              const e = document.activeElement;
              if (!e || e === document.body) return '';
              const box = e.getBoundingClientRect();
              if (box.width === 0 || box.height === 0) return '';
              return (e.getAttribute('aria-label') ?? e.labels?.[0]?.innerText ?? e.innerText ?? '').trim();
            }
            """;
        List<string> met = [];
        for (int i = 0; i < 60; i++)
        {
            met.Add(await browser.Page.EvaluateAsync<string>(Focused));
            if (met[^1] == name)
            {
                return;
            }

            await browser.Page.Keyboard.PressAsync("Tab");
        }

        throw new InvalidOperationException($"No Tab leads to “{name}”. Met: {string.Join(" | ", met)}");
    }

    /// <summary>Texts that are English and no other language: those of the resource file that the Chinese one says otherwise, without places for values.</summary>
    private static async Task<HashSet<string>> OnlyEnglishAsync()
    {
        Dictionary<string, string> english = await TextsOfAsync("en"), chinese = await TextsOfAsync("zh");
        return [.. english.Where(text => chinese[text.Key] != text.Value && !text.Value.Contains('{')).Select(text => text.Value)];

        static async Task<Dictionary<string, string>> TextsOfAsync(string language) => System.Text.Json.JsonSerializer.Deserialize<Dictionary<string, string>>(
            await File.ReadAllTextAsync(Path.Combine(Paths.Root, "web", "src", "locales", $"{language}.json")))!;
    }

    /// <summary>All that can be read or heard: texts, names for screen readers, hints in fields.</summary>
    private static Task<string[]> TextsAsync(Chromium browser) => browser.Page.EvaluateAsync<string[]>("""
        () => {
          const texts = [];
          const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          while (walker.nextNode()) texts.push(walker.currentNode.nodeValue.trim());
          for (const element of document.querySelectorAll('*'))
            for (const name of ['aria-label', 'placeholder', 'title', 'alt']) texts.push(element.getAttribute(name)?.trim() ?? '');
          return texts.filter(text => text !== '');
        }
        """);

    /// <summary>What is on a page only when it is all there.</summary>
    private static string Landmark(string page) => page switch
    {
        "" => "figure[data-status=playing]",
        "playback" => "canvas",
        "cameras" => "text=Street",
        _ => "main dl, main table, main h2, main h1",
    };

    private static async Task WaitForMovingPictureAsync(Firefox firefox)
    {
        double start = -1;
        await Wait.UntilAsync(
            "the video's clock advances by a second",
            async () =>
            {
                double now = double.Parse(await firefox.EvaluateAsync("String(document.querySelector('video')?.currentTime ?? -1)"), System.Globalization.CultureInfo.InvariantCulture);
                start = start < 0 || now < start ? now : start;
                return start >= 0 && now - start >= 1;
            },
            () => $"Clock at {start}.");
        double spread = 0;
        await Wait.UntilAsync(
            "the picture is neither black nor of one colour",
            async () => (spread = double.Parse(await firefox.EvaluateAsync($"String(({VideoProbe.BrightnessSpread})())"), System.Globalization.CultureInfo.InvariantCulture)) > VideoProbe.LeastSpread,
            () => $"Its brightness spreads by {spread}.");
    }
}
