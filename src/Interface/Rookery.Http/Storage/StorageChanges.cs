// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Microsoft.Extensions.Logging;
using Rookery.Storage;

namespace Rookery.Http;

/// <summary>Changes of the pool, one at a time, each told to the log with who made it. What is asked for is looked at with the same eyes as its preview.</summary>
internal sealed partial class StorageChanges(IPoolControl pool, IDiskPlaces places, StorageStatus status, ILogger<StorageChanges> log)
{
    private readonly SemaphoreSlim _one = new(1);

    public ChangePreview Preview(PoolChangeKind kind, int? disk, DiskSpec? spec)
    {
        DiskPlace? place = spec is null ? null : places.Look(spec);
        return ChangePreview.Of(PoolPreview.Of(status.Survey, new PoolChange(kind, disk, place?.Bytes)), place);
    }

    /// <exception cref="StoreException">The pool does not take it.</exception>
    /// <exception cref="DeviceException">It cannot be opened or made.</exception>
    public Task<int> AddAsync(DiskSpec spec, string user) => OneAtATimeAsync(async () =>
    {
        int number = await TakeAsync(spec, device => pool.AddDiskAsync(device));
        LogAdded(user, number, spec.Path);
        return number;
    });

    /// <exception cref="StoreException">The pool does not take it.</exception>
    /// <exception cref="DeviceException">The new one cannot be opened or made.</exception>
    public Task<int> ReplaceAsync(int old, DiskSpec spec, string user) => OneAtATimeAsync(async () =>
    {
        Check(new PoolChange(PoolChangeKind.Replace, old));
        int number = await TakeAsync(spec, device => pool.ReplaceAsync(old, device));
        LogReplaced(user, old, number, spec.Path);
        return number;
    });

    /// <exception cref="StoreException">It is refused.</exception>
    public Task DrainAsync(int number, string user) => OneAtATimeAsync(async () =>
    {
        Check(new PoolChange(PoolChangeKind.Drain, number));
        await pool.DrainAsync(number);
        LogDrained(user, number);
        return 0;
    });

    /// <exception cref="StoreException">It is refused.</exception>
    public Task UseAgainAsync(int number, string user) => OneAtATimeAsync(async () =>
    {
        Check(new PoolChange(PoolChangeKind.UseAgain, number));
        await pool.UseAgainAsync(number);
        LogUsedAgain(user, number);
        return 0;
    });

    /// <exception cref="StoreException">It is refused.</exception>
    public Task SetSpareAsync(int number, bool isSpare, string user) => OneAtATimeAsync(async () =>
    {
        Check(new PoolChange(isSpare ? PoolChangeKind.Spare : PoolChangeKind.UseSpare, number));
        await pool.SetSpareAsync(number, isSpare);
        LogSpare(user, number, isSpare ? "a spare" : "no spare any more");
        return 0;
    });

    /// <exception cref="StoreException">It is refused, or recordings would be lost and that was not accepted.</exception>
    public Task RemoveAsync(int number, bool acceptLoss, string user) => OneAtATimeAsync(async () =>
    {
        PoolPreview preview = Check(new PoolChange(PoolChangeKind.Remove, number));
        if (preview.LostBytes > 0 && !acceptLoss)
        {
            throw new StoreException($"{new Foundation.ByteSize(preview.LostBytes)} of recordings can be read from this disk only, and are lost for good when it is removed. Bring it back, or say that the loss is accepted.");
        }

        string name = status.Survey.Disks.First(d => d.Number == number).Name;
        await pool.RemoveAsync(number);
        places.Forget(name);
        LogRemoved(user, number, name, preview.LostBytes);
        return 0;
    });

    public void StartScrub(string user)
    {
        pool.StartScrub();
        status.Changed();
        LogScrub(user, "begun");
    }

    public void StopScrub(string user)
    {
        pool.StopScrub();
        status.Changed();
        LogScrub(user, "put off");
    }

    private PoolPreview Check(PoolChange change)
    {
        // Of now, not of some seconds ago.
        status.Changed();
        PoolSurvey survey = status.Survey;
        if (!survey.Disks.Any(d => d.Number == change.Disk))
        {
            throw new NoSuchDiskException($"The pool has no disk number {change.Disk}.");
        }

        PoolPreview preview = PoolPreview.Of(survey, change);
        return preview.Refusal is { } refusal ? throw new StoreException(refusal) : preview;
    }

    private async Task<int> TakeAsync(DiskSpec spec, Func<IBlockDevice, Task<int>> take)
    {
        IBlockDevice device = await Task.Run(() => places.Take(spec));
        try
        {
            return await take(device);
        }
        catch
        {
            device.Dispose();
            places.GiveUp(device.Name);
            throw;
        }
    }

    private async Task<int> OneAtATimeAsync(Func<Task<int>> change)
    {
        await _one.WaitAsync();
        try
        {
            return await change();
        }
        finally
        {
            status.Changed();
            _one.Release();
        }
    }

    [LoggerMessage(EventId = 3101, Level = LogLevel.Information, Message = "{User} added disk {Number} ({Path}) to the pool")]
    private partial void LogAdded(string user, int number, string path);

    [LoggerMessage(EventId = 3102, Level = LogLevel.Information, Message = "{User} replaces disk {Old} by disk {Number} ({Path})")]
    private partial void LogReplaced(string user, int old, int number, string path);

    [LoggerMessage(EventId = 3103, Level = LogLevel.Information, Message = "{User} drains disk {Number}")]
    private partial void LogDrained(string user, int number);

    [LoggerMessage(EventId = 3104, Level = LogLevel.Information, Message = "{User} has disk {Number} used again")]
    private partial void LogUsedAgain(string user, int number);

    [LoggerMessage(EventId = 3105, Level = LogLevel.Warning, Message = "{User} removed disk {Number} ({Path}) from the pool; {LostBytes} bytes of recordings were lost by it")]
    private partial void LogRemoved(string user, int number, string path, long lostBytes);

    [LoggerMessage(EventId = 3107, Level = LogLevel.Information, Message = "{User}: disk {Number} is {What}")]
    private partial void LogSpare(string user, int number, string what);

    [LoggerMessage(EventId = 3106, Level = LogLevel.Information, Message = "{User}: verification of all recordings is {What}")]
    private partial void LogScrub(string user, string what);
}

/// <summary>There is no disk of that number.</summary>
internal sealed class NoSuchDiskException : Exception
{
    public NoSuchDiskException()
    {
    }

    public NoSuchDiskException(string message)
        : base(message)
    {
    }

    public NoSuchDiskException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
