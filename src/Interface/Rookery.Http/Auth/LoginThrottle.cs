// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Http;

/// <summary>
/// Slows the guessing of passwords down. Counts failures by the caller's address and by the user's name; past a limit every further failure doubles the
/// time for which nothing more is tried. Pure: <c>now</c> is an argument.
/// </summary>
/// <remarks>
/// The limit by name is high and its pause short, so that a stranger cannot keep an administrator out by failing in their name.
/// At most <see cref="MaximumEntries"/> are remembered; the one that failed longest ago is forgotten first. Safe for any thread.
/// </remarks>
public sealed class LoginThrottle
{
    public const int MaximumEntries = 4096;

    private static readonly Rule ByAddress = new(FreeFailures: 5, FirstPause: TimeSpan.FromSeconds(2), LongestPause: TimeSpan.FromMinutes(5));
    private static readonly Rule ByName = new(FreeFailures: 20, FirstPause: TimeSpan.FromSeconds(2), LongestPause: TimeSpan.FromSeconds(30));

    /// <summary>Failures older than this are forgotten.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(15);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.OrdinalIgnoreCase);

    private readonly record struct Rule(int FreeFailures, TimeSpan FirstPause, TimeSpan LongestPause);

    private readonly record struct Entry(int Failures, MonotonicTime LastFailure, MonotonicTime BlockedUntil);

    /// <summary>How long this caller has to wait before a password is looked at; zero when not at all.</summary>
    public TimeSpan Wait(string address, string name, MonotonicTime now)
    {
        lock (_lock)
        {
            TimeSpan wait = TimeSpan.Zero;
            foreach (string key in (ReadOnlySpan<string>)[AddressKey(address), NameKey(name)])
            {
                if (_entries.TryGetValue(key, out Entry entry) && entry.BlockedUntil > now && entry.BlockedUntil - now > wait)
                {
                    wait = entry.BlockedUntil - now;
                }
            }

            return wait;
        }
    }

    public void Failed(string address, string name, MonotonicTime now)
    {
        lock (_lock)
        {
            Count(AddressKey(address), ByAddress, now);
            Count(NameKey(name), ByName, now);
        }
    }

    /// <summary>A login forgets the failures of that caller and that name.</summary>
    public void Succeeded(string address, string name)
    {
        lock (_lock)
        {
            _entries.Remove(AddressKey(address));
            _entries.Remove(NameKey(name));
        }
    }

    private static string AddressKey(string address) => "a:" + address;

    private static string NameKey(string name) => "n:" + name;

    private void Count(string key, Rule rule, MonotonicTime now)
    {
        bool known = _entries.TryGetValue(key, out Entry entry) && now - entry.LastFailure < Memory;
        int failures = known ? entry.Failures + 1 : 1;
        TimeSpan pause = TimeSpan.Zero;
        if (failures >= rule.FreeFailures)
        {
            int doublings = Math.Min(failures - rule.FreeFailures, 16);
            pause = TimeSpan.FromTicks(Math.Min(rule.FirstPause.Ticks << doublings, rule.LongestPause.Ticks));
        }

        if (!_entries.ContainsKey(key) && _entries.Count >= MaximumEntries)
        {
            _entries.Remove(_entries.MinBy(pair => pair.Value.LastFailure).Key);
        }

        _entries[key] = new Entry(failures, now, now + pause);
    }
}
