// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Storage;

namespace Rookery.Simulation;

/// <summary>A disk in memory that fails the way disks fail, everything decided by a seed.</summary>
/// <remarks>
/// <para>Fault model.</para>
/// <list type="number">
/// <item>A write goes into a cache and is seen by reads at once. Nothing is durable before a flush returns.</item>
/// <item>At a crash every sector written since the last completed flush is decided on its own: it has kept the old content or any of the contents written since.
/// So writes may be lost, torn at the boundary of a sector, and reordered against each other in every way. <see cref="CrashImages"/> makes these images.</item>
/// <item>A sector is atomic: 512 or 4096 bytes, by choice.</item>
/// <item>A crash can come before, during and after every call. During a write or a flush it leaves no image that it could not leave right after the call or right
/// before it, so boundaries between calls cover them all.</item>
/// <item>A failed write has taken any of its sectors. A failed flush has lost any sectors of the cache, which reads then show in their old state.
/// After a failure the disk goes on; whether to trust it is the caller's decision.</item>
/// <item>Reads may fail, or return a wrong bit. Bits on the medium may rot, durable or not.</item>
/// <item>A write may land at a wrong place (misdirection), by choice: nothing above can prevent loss then, but it must never show wrong bytes as right.</item>
/// <item>Calls may stall; virtual time goes on meanwhile.</item>
/// <item>A disk that was told so spins down, and takes its time to come up again.</item>
/// <item>A job may hang: what it writes lands later, all at once, also when nobody waits for it any more. Reads are answered meanwhile.</item>
/// <item>Disks of one machine crash at one instant, each with its own cache. Jobs that were under way side by side had come to any place of their own: <see cref="DiskJournal"/>.</item>
/// </list>
/// <para>Not modelled: a disk that lies about flushes, and one that changes sectors nobody wrote near a torn write.</para>
/// </remarks>
public sealed class SimulatedDisk : IBlockDevice, IJobWitness
{
    /// <summary>What coming up to speed takes of virtual time.</summary>
    public static readonly TimeSpan SpinUpTime = TimeSpan.FromSeconds(8);

    private readonly Lock _lock = new();
    private readonly Random _random;
    private readonly DiskImage _durable;
    private readonly DiskImage _current;
    private readonly HashSet<int> _cached = [];
    private readonly List<DiskEvent> _log = [];
    private readonly SimulatedClock? _clock;
    private readonly DiskJournal? _journal;
    private readonly int _number;
    private int _changes;
    private int _jobs;
    private TimeSpan _hangsUntil;
    private bool _isStandby;

    /// <param name="image">What stands on the disk at first; not changed.</param>
    /// <param name="seed">Decides every fault.</param>
    /// <param name="clock">Advanced by stalls.</param>
    /// <param name="journal">Told of every event, to know their order over all disks of a machine.</param>
    /// <param name="number">Names the disk in the journal.</param>
    public SimulatedDisk(DiskImage image, int seed = 0, SimulatedClock? clock = null, DiskJournal? journal = null, int number = 0)
    {
        _journal = journal;
        _number = number;
        Initial = image.Copy();
        _durable = image.Copy();
        _current = image.Copy();
        _random = new Random(seed);
        _clock = clock;
    }

    public string Name => _journal is null ? "simulated" : $"simulated {_number}";

    public long CapacityBytes => _current.CapacityBytes;

    /// <summary>What stood on the disk at first.</summary>
    public DiskImage Initial { get; }

    /// <summary>Chances from now on.</summary>
    public DiskFaults Faults { get; set; } = DiskFaults.None;

    /// <summary>Calls to write or flush that failed.</summary>
    public int Failures { get; private set; }

    /// <summary>Calls to write or flush so far.</summary>
    public int Changes => _changes;

    public long BytesRead { get; private set; }

    public long BytesWritten { get; private set; }

    public int Flushes { get; private set; }

    /// <summary>Writes, flushes and rot so far. A crash can come between any two of them: boundary n lies behind the first n.</summary>
    public int Boundary
    {
        get
        {
            lock (_lock)
            {
                return _log.Count;
            }
        }
    }

    /// <summary>All that happened so far.</summary>
    public IReadOnlyList<DiskEvent> Log
    {
        get
        {
            lock (_lock)
            {
                return [.. _log];
            }
        }
    }

    /// <summary>What reads show now: the image after an orderly end.</summary>
    public DiskImage Current
    {
        get
        {
            lock (_lock)
            {
                return _current.Copy();
            }
        }
    }

    public void Read(long offsetBytes, Span<byte> destination)
    {
        Check(offsetBytes, destination.Length);
        lock (_lock)
        {
            StallPerhaps();
            long end = offsetBytes + destination.Length;
            if (Happens(Faults.ReadError) || (Faults.ReadsFailToo && IsInFailingCalls(_changes)) || Faults.Unreadable.Any(bad => bad.Start < end && offsetBytes < bad.End))
            {
                throw new DeviceException($"Simulated: reading {destination.Length} bytes at {offsetBytes} failed.");
            }

            _current.Read(offsetBytes, destination);
            BytesRead += destination.Length;
            if (!destination.IsEmpty && Happens(Faults.ReadFlip))
            {
                destination[_random.Next(destination.Length)] ^= (byte)(1 << _random.Next(8));
            }
        }
    }

    public void Write(long offsetBytes, ReadOnlySpan<byte> source)
    {
        Check(offsetBytes, source.Length);
        lock (_lock)
        {
            StallPerhaps();
            long end = offsetBytes + source.Length;
            bool fails = IsInFailingCalls(_changes++) || Happens(Faults.WriteError) || Faults.Unwritable.Any(bad => bad.Start < end && offsetBytes < bad.End);
            if (Happens(Faults.Misdirection))
            {
                offsetBytes = _random.NextInt64((CapacityBytes - source.Length) / DiskImage.PageBytes + 1) * DiskImage.PageBytes;
            }

            List<PageWrite> pages = [];
            for (int at = 0; at < source.Length; at += DiskImage.PageBytes)
            {
                if (!fails || _random.Next(2) == 0)
                {
                    pages.Add(new PageWrite((int)((offsetBytes + at) / DiskImage.PageBytes), source.Slice(at, DiskImage.PageBytes).ToArray()));
                }
            }

            Take(pages);
            BytesWritten += source.Length;
            if (fails)
            {
                Failures++;
                throw new DeviceException($"Simulated: writing {source.Length} bytes at {offsetBytes} failed.");
            }
        }
    }

    public void Flush()
    {
        lock (_lock)
        {
            StallPerhaps();
            Flushes++;
            if (IsInFailingCalls(_changes++) || Happens(Faults.FlushError))
            {
                // Which sectors went missing is seen by reads from now on, as if somebody had written the old content back.
                Take([.. _cached.Order().Where(_ => _random.Next(2) == 0).Select(page => new PageWrite(page, _durable[page]))]);
                Failures++;
                throw new DeviceException("Simulated: flushing failed.");
            }

            foreach (int page in _cached)
            {
                _durable[page] = _current[page];
            }

            _cached.Clear();
            Add(new DiskEvent.Flush());
        }
    }

    /// <summary>Turns over one bit on the medium.</summary>
    public void Rot(long offsetBytes, int bit)
    {
        lock (_lock)
        {
            _durable.Flip(offsetBytes, bit);
            _current.Flip(offsetBytes, bit);
            Add(new DiskEvent.Rot(offsetBytes, bit));
        }
    }

    /// <summary>It takes the command to spin down.</summary>
    public bool TakesStandby { get; set; } = true;

    /// <summary>It has spun down.</summary>
    public bool IsStandby
    {
        get
        {
            lock (_lock)
            {
                return _isStandby;
            }
        }
    }

    /// <summary>Times it was woken by a read, a write or a flush.</summary>
    public int SpinUps { get; private set; }

    public bool TryStandby()
    {
        lock (_lock)
        {
            return _isStandby = TakesStandby;
        }
    }

    /// <summary>Jobs begun so far.</summary>
    public int Jobs => _jobs;

    void IJobWitness.JobBegun()
    {
        _journal?.JobBegun();
        if (_jobs++ == Faults.HangingJob && _clock is not null)
        {
            _hangsUntil = _clock.Elapsed + Faults.HangTime;
        }
    }

    bool IJobWitness.Answers(TimeSpan? within)
    {
        TimeSpan left = _clock is null ? TimeSpan.Zero : _hangsUntil - _clock.Elapsed;
        if (left <= TimeSpan.Zero)
        {
            return true;
        }

        bool isInTime = within is null || left <= within;
        _clock!.Advance(isInTime ? left : within > TimeSpan.Zero ? within.Value : TimeSpan.Zero);
        return isInTime;
    }

    void IJobWitness.JobAwaited() => _journal?.JobAwaited();

    public void Dispose()
    {
        // Holds memory only; what stands on it is still wanted after its user let go.
    }

    private void Take(List<PageWrite> pages)
    {
        foreach (PageWrite write in pages)
        {
            _current[write.Page] = write.Bytes;
            _cached.Add(write.Page);
        }

        Add(new DiskEvent.Write(pages));
    }

    private void Add(DiskEvent what)
    {
        _log.Add(what);
        _journal?.Event(_number);
    }

    private bool IsInFailingCalls(int call) => call >= Faults.FailingCalls.Start && call < Faults.FailingCalls.End;

    private bool Happens(double chance) => chance > 0 && _random.NextDouble() < chance;

    private void StallPerhaps()
    {
        if (_isStandby)
        {
            _isStandby = false;
            SpinUps++;
            _clock?.Advance(SpinUpTime);
        }

        if (Happens(Faults.Stall))
        {
            _clock?.Advance(Faults.StallTime);
        }
    }

    private void Check(long offsetBytes, int lengthBytes)
    {
        if (offsetBytes < 0 || lengthBytes > CapacityBytes - offsetBytes || offsetBytes % DiskImage.PageBytes != 0 || lengthBytes % DiskImage.PageBytes != 0)
        {
            throw new ArgumentException($"A transfer of {lengthBytes} bytes at {offsetBytes} does not fit the disk.");
        }
    }
}
