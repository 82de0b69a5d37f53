// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Text.Json;

namespace Rookery.EndToEnd;

/// <summary>The real program on a free port with a data directory of its own. Survives kills: <see cref="StartAsync"/> again finds the same data.</summary>
internal sealed class RookeryServer : IAsyncDisposable
{
    public const string User = "admin";
    public const string Password = "correct horse battery";

    private readonly string _directory = Directory.CreateTempSubdirectory("rookery-e2e-").FullName;
    private readonly string _size;
    private ChildProcess? _process;

    public RookeryServer(string diskSize = "1G") => _size = diskSize;

    public string DataDirectory => Path.Combine(_directory, "data");

    /// <summary>Its address, with a slash at the end.</summary>
    public Uri Address { get; private set; } = new("http://127.0.0.1/");

    public RookeryApi Api { get; private set; } = null!;

    public ChildProcess Process => _process ?? throw new InvalidOperationException("Not started.");

    public static string Program { get; } = Path.Combine(Paths.Root, "src/Apps/Rookery.Server/bin", Paths.Configuration, "net10.0/rookery");

    /// <summary>Starts it, and returns when it serves and we are logged in.</summary>
    /// <param name="samePort">Listen where the last start did, so that clients find it again.</param>
    public async Task StartAsync(bool samePort = false)
    {
        int port = samePort ? Address.Port : 0;
        string ready = Path.Combine(_directory, "ready");
        string password = Path.Combine(_directory, "password");
        File.Delete(ready);
        await File.WriteAllTextAsync(password, Password);
        _process = new ChildProcess(Program, ["serve", "--data", DataDirectory, "--disk", $"{Path.Combine(_directory, "disk0")}:{_size}", "--listen", $"127.0.0.1:{port}", "--ready-file", ready, "--setup-user", User, "--setup-password-file", password]);
        string address = await Wait.ForAsync(
            "the server is ready",
            async () => _process.HasExited
                ? throw new InvalidOperationException($"The server ended with {_process.ExitCode}:\n{_process.Output}")
                : File.Exists(ready) && (await File.ReadAllTextAsync(ready)).Trim() is { Length: > 0 } text ? text : null,
            () => _process.Output);
        Address = new Uri(address.TrimEnd('/') + "/");
        Api?.Dispose();
        Api = await RookeryApi.LogInAsync(Address, User, Password);
    }

    /// <summary><c>kill -9</c>.</summary>
    public Task KillAsync() => Process.KillAsync();

    public async Task StopAsync()
    {
        await Process.TerminateAsync();
        Process.ExitCode.ShouldBe(0, Process.Output);
    }

    /// <summary>Adds a camera and returns its number.</summary>
    public async Task<string> AddCameraAsync(string url, string name = "camera", string transport = "auto", string? user = null, string? password = null)
    {
        using JsonDocument camera = await Api.PostAsync("cameras", new { name, url, transport, user, password, recording = "continuous", retentionDays = (int?)null });
        return camera.RootElement.GetProperty("id").GetString()!;
    }

    /// <summary>
    /// What was played back is one piece of what the camera sent, unless the recorder itself says that this machine dropped datagrams, which no program can undo.
    /// </summary>
    public async Task ShouldBeWholeAsync(string camera, DateTimeOffset since, IReadOnlyList<(int Start, int Count)> pieces)
    {
        if (pieces.Count <= 1 || Process.Output.Contains("packets were dropped by this machine", StringComparison.Ordinal))
        {
            return;
        }

        Timeline timeline = await Api.TimelineAsync(camera, since, DateTimeOffset.UtcNow);
        pieces.ShouldHaveSingleItem($"pieces {string.Join(' ', pieces)}; gaps {string.Join(' ', timeline.Gaps)}; state {await Api.StateAsync(camera)}; log:\n{Process.Output}");
    }

    public async ValueTask DisposeAsync()
    {
        Api?.Dispose();
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        Directory.Delete(_directory, recursive: true);
    }
}

internal static class Paths
{
    /// <summary>The checkout these tests were built from.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Debug or Release, as these tests were built.</summary>
    public static string Configuration { get; } = AppContext.BaseDirectory.Contains("/Release/", StringComparison.Ordinal) ? "Release" : "Debug";

    private static string FindRoot()
    {
        DirectoryInfo? directory = new(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "Rookery.slnx")))
        {
            directory = directory.Parent;
        }

        return directory?.FullName ?? throw new InvalidOperationException("No Rookery.slnx above the tests.");
    }
}
