// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Rookery.Encoders;
using Rookery.Foundation;
using Rookery.Http;
using Rookery.Recording;
using Rookery.Storage;

namespace Rookery.Server;

/// <summary>
/// The whole recorder: disk, store, cameras, recorder, web server. Starts them in the order in which footage is safe soonest (recording before the page), and ends them so that
/// nothing received is lost: first the web, then the cameras' sessions, then the store commits what is left.
/// </summary>
internal sealed class RookeryServer : IAsyncDisposable
{
    private readonly Stack<IAsyncDisposable> _parts = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly TimeProvider _clock;
    private DataDirectory? _data;
    private bool _hasRun;
    private Task _recording = Task.CompletedTask;
    private Task _logging = Task.CompletedTask;
    private Task _monitoring = Task.CompletedTask;

    private RookeryServer(TimeProvider clock) => _clock = clock;

    /// <summary>Where this machine reaches it.</summary>
    public Uri Address { get; private set; } = null!;

    public IPEndPoint EndPoint { get; private set; } = null!;

    /// <summary>Token of the setup link; <c>null</c> when there is a user already.</summary>
    public string? SetupToken { get; private set; }

    public required Action<string> Say { private get; init; }

    /// <summary>Ends when cameras are no longer looked after: with the recorder, or with what the loop failed of.</summary>
    public Task Recording => _recording;

    /// <summary>What the demonstration adds its cameras to.</summary>
    public CameraRegistry Cameras { get; private set; } = null!;

    /// <exception cref="UsageException">A setting cannot be followed.</exception>
    /// <exception cref="SettingsException">The data directory cannot be used.</exception>
    /// <exception cref="DeviceException">The disk cannot be used.</exception>
    /// <exception cref="StoreException">The disk holds something else.</exception>
    /// <exception cref="IOException">The address cannot be had.</exception>
    public static async Task<RookeryServer> StartAsync(ServerSettings settings, TimeProvider clock, Action<string> say, CancellationToken cancellation)
    {
        RookeryServer server = new(clock) { Say = say };
        try
        {
            await server.StartAsync(settings, cancellation);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    private async Task StartAsync(ServerSettings settings, CancellationToken cancellation)
    {
        _data = DataDirectory.Open(settings.Data);
        SettingsStore stored = SettingsStore.Open(_data);
        Own(stored);
        UserStore users = new(stored);
        CreateAdministrator(settings, users);

        DiskList disks = new(stored);
        DiskHealthMonitor health = new(new LinuxHealthProbe(_clock), _clock);
        VideoStore store = await OpenStoreAsync(settings, disks, health, cancellation);
        _parts.Push(store);
        BlockPool pool = new(2 * settings.MemoryBytes);
        RtspCameraConnector connector = new(pool, _clock);
        Own(connector);
        _hasRun = true;
        GapCause causeOfAbsence = _data.BeginRun() ? GapCause.RecorderStopped : GapCause.RecorderFailed;
        Cameras = new CameraRegistry(new SqliteCameraRepository(stored));
        Recorder recorder = new(Cameras, store, connector, _clock, new Random(RandomNumberGenerator.GetInt32(int.MaxValue)), causeOfAbsence);
        _recording = recorder.RunAsync(_stop.Token);
        IReadOnlyList<string> PoolDisks() => [.. store.Status.Disks.Select(disk => disk.Name)];
        _monitoring = health.RunAsync(PoolDisks, _stop.Token);

        SetupLink setup = new();
        SetupToken = users.IsEmpty ? setup.Issue() : null;
        WebParts parts = new()
        {
            Users = users,
            Setup = setup,
            Store = store,
            Retention = store,
            Pool = store,
            Places = new DiskPlaces(disks, PoolDisks),
            Cameras = Cameras,
            Recorder = recorder,
            Connector = connector,
            Clock = _clock,
        };
        WebOptions options = new() { Listen = settings.Listen, PageDirectory = Path.Combine(AppContext.BaseDirectory, "page") };
        WebApplication web = RookeryWeb.Build(options, parts, logging => Logging.Configure(logging, settings));
        _parts.Push(web);
        RecordingLog log = new(recorder, store, _clock, web.Services.GetRequiredService<ILogger<RecordingLog>>());
        _logging = log.RunAsync(_stop.Token);
        await web.StartAsync(cancellation);
        _parts.Push(new Stopping(web));

        EndPoint = new IPEndPoint(settings.Listen.Address, new Uri(web.Urls.Single()).Port);
        Address = Addresses.ForThisMachine(EndPoint);
    }

    /// <summary>Ends everything in order. Safe to call after a start that failed.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_parts.TryPeek(out IAsyncDisposable? last) && last is Stopping web)
        {
            _parts.Pop();
            await web.DisposeAsync();
        }

        await _stop.CancelAsync();
        try
        {
            await _logging;
            await _monitoring;
            await _recording;
        }
        finally
        {
            // Whatever became of the loops: the store commits what it still holds. The mark of the run stays, so that the next start knows.
            await DisposePartsAsync();
            EndRun(isOrderly: _logging.IsCompletedSuccessfully && _recording.IsCompletedSuccessfully);
        }
    }

    private async ValueTask DisposePartsAsync()
    {
        while (_parts.TryPop(out IAsyncDisposable? part))
        {
            await part.DisposeAsync();
        }
    }

    private void EndRun(bool isOrderly)
    {
        if (_hasRun && isOrderly)
        {
            _data?.EndRun();
        }

        _data?.Dispose();
        _stop.Dispose();
    }

    private void CreateAdministrator(ServerSettings settings, UserStore users)
    {
        if (settings.SetupUser is not { } user)
        {
            return;
        }

        if (settings.SetupPasswordFile is not { } file)
        {
            throw new UsageException("--setup-user wants --setup-password-file as well.");
        }

        if (!users.IsEmpty)
        {
            return;
        }

        string password = Files.Read(file, "password file").TrimEnd('\r', '\n');
        if (FirstAdministrator.Unacceptable(user, password) is { } reason)
        {
            throw new UsageException(reason);
        }

        FirstAdministrator.TryCreate(users, user, password, WallTime.Now(_clock));
    }

    private async Task<VideoStore> OpenStoreAsync(ServerSettings settings, DiskList list, IDiskHealth health, CancellationToken cancellation)
    {
        IReadOnlyList<ListedDisk> listed = list.All;
        IReadOnlyList<DiskSpec> specs = Disks.All(settings, listed);
        IReadOnlyList<FileBlockDevice> devices = FileBlockDevice.OpenPool(specs, listed.Where(disk => disk.State != ListedDiskState.Removed).Select(disk => disk.Path).ToHashSet(), Say);
        StoreOptions options = new()
        {
            CommitInterval = settings.CommitInterval,
            MemoryBudgetBytes = settings.MemoryBytes,
            CatalogPath = Disks.CatalogPath(settings),
            Health = health,
            ActiveDisks = settings.ActiveDisks,
            RotateAfter = settings.RotateAfter,
            StandbyAfter = settings.StandbyAfter,
        };
        VideoStore store = await VideoStore.OpenAsync(devices, options, _clock, new RebuildReport(string.Join(", ", specs.Select(s => s.Path)), Say), cancellation);
        foreach (FileBlockDevice device in devices.Where(device => listed.All(disk => disk.Path != device.Name)))
        {
            list.Put(new ListedDisk(device.Name, null, ListedDiskState.Known));
        }

        return store;
    }

    private void Own(IDisposable part) => _parts.Push(new Synchronous(part));

    private sealed class Synchronous(IDisposable part) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            part.Dispose();
            return ValueTask.CompletedTask;
        }
    }

    private sealed class Stopping(WebApplication web) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await web.StopAsync();
    }
}
