// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.CommandLine;
using Rookery.Farm;
using Rookery.Farm.Clips;
using Rookery.Farm.CommandLine;
using Rookery.Recording;

namespace Rookery.Server;

/// <summary><c>rookery demo</c>: the recorder with four cameras that play moving pictures, in one process.</summary>
internal static class DemoCommand
{
    private const int Cameras = 4;

    public static Command Create()
    {
        Option<string[]> clips = new("--clip") { HelpName = "FILE", Description = "MP4 file that a camera repeats; without any, moving pictures are made with ffmpeg." };
        Command command = new("demo", "Records four cameras that it plays itself; otherwise as serve.") { clips };
        SettingOptions options = new(command);
        command.SetAction((parsed, cancellation) => Failures.CatchAsync(() => RunAsync(options.Read(parsed), parsed.GetValue(clips) ?? [], cancellation)));
        return command;
    }

    private static async Task<int> RunAsync(ServerSettings settings, string[] clips, CancellationToken cancellation)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task<int> farm = Task.FromResult(ExitCode.Done);
        Task adding = Task.CompletedTask;
        try
        {
            return await ServeCommand.RunAsync(settings, server =>
            {
                string ready = Path.Combine(settings.Data, "demo-cameras");
                Files.Delete(ready);
                farm = FarmCommand.RunAsync(Farm(clips, ready), Console.Out, stop.Token);
                adding = AddAsync(server.Cameras, ready, farm, stop.Token);
            }, cancellation);
        }
        finally
        {
            await stop.CancelAsync();
            await farm;
            await adding;
        }
    }

    private static FarmCommandOptions Farm(string[] clips, string readyFile) => new()
    {
        Clips = clips,
        CacheFolder = Path.Combine(Path.GetTempPath(), "rookery-farm"),
        ReadyFile = readyFile,
        Server = new FarmServerOptions { Cameras = Cameras, Port = 0 },
        Sizes = [(1280, 720)],
        Picture = new PictureSpec { BitsPerSecond = 2_000_000 },
    };

    /// <summary>Adds the cameras once they can be reached; those of an earlier demonstration get their new addresses.</summary>
    private static async Task AddAsync(CameraRegistry registry, string readyFile, Task farm, CancellationToken cancellation)
    {
        try
        {
            string? ready;
            while ((ready = Files.TryRead(readyFile)) is null && !farm.IsCompleted)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), cancellation);
            }

            string[] urls = (ready ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            for (int i = 0; i < urls.Length && i < Cameras; i++)
            {
                Add(registry, $"Demo {i + 1}", new CameraSource(new Uri(urls[i]), User: null, Password: null, MediaTransport.Auto));
            }
        }
        catch (OperationCanceledException)
        {
            // The demonstration ended before its cameras were made.
        }
    }

    private static void Add(CameraRegistry registry, string name, CameraSource source)
    {
        if (registry.List().FirstOrDefault(camera => camera.Name == name) is { } known)
        {
            registry.Update(known.Id, camera => camera with { Source = source });
        }
        else
        {
            registry.Add(new Camera { Id = default, Name = name, Source = source, Recording = RecordingMode.Continuous });
        }
    }
}
