// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>
/// Whether a disk sleeps, and since when nobody used it. It is sent to sleep, and woken, where that may take its time; whoever reads wakes it without asking. The pool's thread keeps away from a disk that
/// sleeps or is still spinning up: it would hold up all others.
/// </summary>
/// <remarks>Any thread may ask and use; the rest belongs to the pool's thread.</remarks>
internal sealed class DiskSleep
{
    /// <summary>A disk that was woken by a read is left alone by the pool's thread for so long: the slowest ones take some 15 s to come up to speed.</summary>
    private static readonly TimeSpan SpinUp = TimeSpan.FromSeconds(15);

    /// <summary>Jobs and reads that come upon a disk that slept have until then.</summary>
    private static readonly TimeSpan LongestSpinUp = TimeSpan.FromSeconds(30);

    private long _lastUse = long.MinValue;
    private long _awakeAt = long.MinValue;
    private long _patientUntil = long.MinValue;
    private volatile bool _isStandby;
    private Task _pending = Task.CompletedTask;
    private MonotonicTime? _owedSince;

    /// <summary>It was sent to sleep, and nobody has used it since.</summary>
    public bool IsStandby => _isStandby;

    /// <summary>The document on it is not the newest.</summary>
    public bool OwesDocument { get; set; }

    /// <summary>It sleeps, or is still coming up.</summary>
    public bool IsAsleep(MonotonicTime now) => _isStandby || now.Nanoseconds < Volatile.Read(ref _awakeAt);

    /// <summary>Until when it is waited for, because it slept.</summary>
    public MonotonicTime PatientUntil => new(Volatile.Read(ref _patientUntil));

    /// <summary>Somebody reads or writes now.</summary>
    public void Used(MonotonicTime now)
    {
        Volatile.Write(ref _lastUse, now.Nanoseconds);
        if (_isStandby)
        {
            Volatile.Write(ref _patientUntil, (now + LongestSpinUp).Nanoseconds);
            Volatile.Write(ref _awakeAt, (now + SpinUp).Nanoseconds);
            _isStandby = false;
        }
    }

    /// <summary>Nobody has used it for so long.</summary>
    public bool IsUnused(MonotonicTime now, TimeSpan time)
    {
        long last = Volatile.Read(ref _lastUse);
        if (last == long.MinValue)
        {
            Volatile.Write(ref _lastUse, now.Nanoseconds);
            return false;
        }

        return _pending.IsCompleted && now - new MonotonicTime(last) >= time;
    }

    /// <summary>There is something to be done on it that can wait.</summary>
    public void Owe(MonotonicTime now) => _owedSince ??= now;

    /// <summary>Something has waited for so long that it is to be done now.</summary>
    public bool IsDue(MonotonicTime now, TimeSpan longest) => now - _owedSince >= longest;

    /// <summary>It is awake, and what waited is being done.</summary>
    public void Settle() => _owedSince = null;

    /// <summary>Sends it to sleep, if it takes that.</summary>
    public void Standby(PoolDisk disk, TimeProvider clock)
    {
        // Before the command: a read that comes behind it wakes the disk, one that comes before it only finds it awake for longer.
        _isStandby = true;
        _pending = StandbyAsync(disk, clock);
    }

    /// <summary>Wakes it; <see cref="IsAsleep"/> tells when it is.</summary>
    public void Wake(PoolDisk disk, TimeProvider clock)
    {
        if (_isStandby && _pending.IsCompleted)
        {
            _pending = WakeAsync(disk, clock);
        }
    }

    private async Task StandbyAsync(PoolDisk disk, TimeProvider clock)
    {
        bool sleeps = false;
        try
        {
            sleeps = await disk.Reader.RunAsync(disk.Device.TryStandby, CancellationToken.None);
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            // It does not sleep, then.
        }

        if (!sleeps)
        {
            // Asked again when it has not been used for as long once more.
            Volatile.Write(ref _lastUse, MonotonicTime.Now(clock).Nanoseconds);
            _isStandby = false;
        }
    }

    private async Task WakeAsync(PoolDisk disk, TimeProvider clock)
    {
        try
        {
            Used(MonotonicTime.Now(clock));
            await disk.Reader.ReadAsync(0, new byte[AlignedMemory.Alignment], CancellationToken.None);
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            // Whoever needs the disk finds out how it is.
        }

        Volatile.Write(ref _awakeAt, long.MinValue);
    }
}
