// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Encoders;

/// <summary>Who is due when: slots of 5 ms in a ring. Pure; used by one thread.</summary>
/// <remarks>
/// Those who gather are put on a grid of 20 ms, each at its own phase of the 100 ms, so that many cameras share one wake-up and yet the work is spread evenly.
/// </remarks>
internal sealed class PumpWheel
{
    public const long SlotNanoseconds = 5_000_000;

    /// <summary>320 ms: three times the slowest pace.</summary>
    private const int Slots = 64;

    private const int GatherSlots = 20;
    private const int GridSlots = 4;

    private readonly List<Entry>[] _slots;
    private List<Entry> _spare = [];
    private long _slot;

    /// <summary>The slot of the time that was told last: when turns come late, ahead of <see cref="_slot"/>.</summary>
    private long _present;

    public PumpWheel(MonotonicTime now)
    {
        _slot = _present = SlotOf(now);
        _slots = new List<Entry>[Slots];
        for (int i = 0; i < Slots; i++)
        {
            _slots[i] = [];
        }
    }

    /// <param name="Item">Who.</param>
    /// <param name="Phase">0 to 4: which fifth of the 100 ms is theirs.</param>
    public readonly record struct Entry(IPumped Item, int Phase);

    /// <summary>
    /// Puts somebody down for a later turn. Counted from the present, not from the slot under way: on a machine that cannot keep up, who is asked often is asked
    /// less often, instead of once for every slot that was missed.
    /// </summary>
    public void Schedule(Entry entry, PumpPace pace)
    {
        long slot = pace switch
        {
            PumpPace.Handshake => _present + 1,
            PumpPace.Live => _present + 2,
            PumpPace.Busy => ((_present / GridSlots) + 1) * GridSlots,
            _ => NextGather(entry.Phase),
        };
        _slots[slot % Slots].Add(entry);
    }

    /// <summary>Takes those of the next slot that is due; <c>null</c> when none is. Give the list back with <see cref="Recycle"/>.</summary>
    public List<Entry>? TakeDue(MonotonicTime now)
    {
        _present = Math.Max(_present, SlotOf(now));
        while (_slot < _present)
        {
            _slot++;
            ref List<Entry> due = ref _slots[_slot % Slots];
            if (due.Count > 0)
            {
                List<Entry> taken = due;
                due = _spare;
                _spare = [];
                return taken;
            }
        }

        return null;
    }

    public void Recycle(List<Entry> taken)
    {
        taken.Clear();
        _spare = taken;
    }

    /// <summary>How long until somebody is due; <c>null</c> when there is nobody.</summary>
    public TimeSpan? UntilNext(MonotonicTime now)
    {
        for (long slot = _slot + 1; slot <= _slot + Slots; slot++)
        {
            if (_slots[slot % Slots].Count > 0)
            {
                long wait = (slot * SlotNanoseconds) - now.Nanoseconds;
                return TimeSpan.FromTicks(Math.Max(0, (wait + 99) / 100));
            }
        }

        return null;
    }

    public IEnumerable<IPumped> Everybody() => _slots.SelectMany(slot => slot).Select(entry => entry.Item);

    private long NextGather(int phase)
    {
        long slot = (_present / GatherSlots * GatherSlots) + (phase * GridSlots);
        while (slot <= _present)
        {
            slot += GatherSlots;
        }

        return slot;
    }

    private static long SlotOf(MonotonicTime time) => time.Nanoseconds / SlotNanoseconds;
}
