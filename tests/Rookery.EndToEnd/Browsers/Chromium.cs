// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Microsoft.Playwright;

namespace Rookery.EndToEnd;

/// <summary>Debian's Chromium, headless, with one page. It plays H.264 and AAC through Media Source, and no H.265.</summary>
internal sealed class Chromium : IAsyncDisposable
{
    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private Chromium(IPlaywright playwright, IBrowser browser, IPage page)
    {
        _playwright = playwright;
        _browser = browser;
        Page = page;
    }

    public IPage Page { get; }

    public List<string> Errors { get; } = [];

    public static async Task<Chromium> StartAsync(int width = 1280, int height = 800, ColorScheme scheme = ColorScheme.Dark, string locale = "en-GB")
    {
        IPlaywright playwright = await Playwright.CreateAsync();
        IBrowser browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = "/usr/bin/chromium",
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--autoplay-policy=no-user-gesture-required"],
        });
        IBrowserContext context = await browser.NewContextAsync(new BrowserNewContextOptions { ViewportSize = new ViewportSize { Width = width, Height = height }, ColorScheme = scheme, Locale = locale });
        Chromium chromium = new(playwright, browser, await context.NewPageAsync());
        chromium.Page.PageError += (_, error) => chromium.Errors.Add(error);
        return chromium;
    }

    /// <summary>Logs in through the page, as a person does.</summary>
    public async Task LogInAsync(RookeryServer server)
    {
        await Page.GotoAsync(server.Address.ToString());
        await Page.Locator("input[autocomplete=username]").FillAsync(RookeryServer.User);
        await Page.Locator("input[type=password]").FillAsync(RookeryServer.Password);
        await Page.Keyboard.PressAsync("Enter");
        await Page.Locator("nav").First.WaitForAsync();
    }

    /// <summary>The clock of the first video element, once it has one.</summary>
    public Task<double> VideoTimeAsync() => Page.EvaluateAsync<double>("() => document.querySelector('video')?.currentTime ?? -1");

    /// <summary>Waits until a video element plays: its clock moves by a second, and its picture is neither black nor one colour.</summary>
    public async Task WaitForMovingPictureAsync()
    {
        double start = -1;
        await Wait.UntilAsync(
            "the video's clock advances by a second",
            async () =>
            {
                double now = await VideoTimeAsync();
                start = start < 0 || now < start ? now : start;
                return start >= 0 && now - start >= 1;
            },
            () => $"Clock at {start}. Page errors: {string.Join("; ", Errors)}");
        double spread = 0;
        await Wait.UntilAsync(
            "the picture is neither black nor of one colour",
            async () => (spread = await Page.EvaluateAsync<double>(VideoProbe.BrightnessSpread)) > VideoProbe.LeastSpread,
            () => $"Its brightness spreads by {spread}.");
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.CloseAsync();
        _playwright.Dispose();
    }
}

internal static class VideoProbe
{
    /// <summary>A black or one-coloured picture has 0; the dullest of the test pictures has 20.</summary>
    public const double LeastSpread = 10;

    /// <summary>Standard deviation of the brightness (0 to 255) over the first video element's present picture.</summary>
    public const string BrightnessSpread = """
        () => {
          const video = document.querySelector('video');
          const canvas = document.createElement('canvas');
          canvas.width = 64; canvas.height = 36;
          const context = canvas.getContext('2d');
          context.drawImage(video, 0, 0, 64, 36);
          const { data } = context.getImageData(0, 0, 64, 36);
          let sum = 0, squares = 0;
          const count = data.length / 4;
          for (let i = 0; i < data.length; i += 4) {
            const y = 0.3 * data[i] + 0.6 * data[i + 1] + 0.1 * data[i + 2];
            sum += y; squares += y * y;
          }
          return Math.sqrt(squares / count - (sum / count) ** 2);
        }
        """;
}
