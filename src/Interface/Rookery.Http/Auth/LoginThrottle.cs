// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Net;
using System.Net.Sockets;
using Rookery.Foundation;

namespace Rookery.Http;

/// <summary>
/// Slows the guessing of passwords down. Counts failures by the caller's address together with the user's name, and by the address alone, for those who try one password on many names;
/// past a limit every further failure doubles the time for which nothing more is tried. Pure: <c>now</c> is an argument.
/// </summary>
/// <remarks>
/// Not by the name alone: whoever fails in an administrator's name from elsewhere must not keep the administrator out. Many addresses together are held by <see cref="Passwords"/>,
/// which looks at one password at a time.
/// At most <see cref="MaximumEntries"/> are remembered; the one that failed longest ago is forgotten first. Safe for any thread.
/// </remarks>
public sealed class LoginThrottle
{
    public const int MaximumEntries = 4096;

    private static readonly Rule ByName = new(FreeFailures: 5, FirstPause: TimeSpan.FromSeconds(2), LongestPause: TimeSpan.FromMinutes(5));

    /// <summary>Many may share an address (a proxy, an office): it takes more failures, and pauses for less.</summary>
    private static readonly Rule ByAddress = new(FreeFailures: 20, FirstPause: TimeSpan.FromSeconds(2), LongestPause: TimeSpan.FromSeconds(30));

    /// <summary>Failures older than this are forgotten.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(15);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.OrdinalIgnoreCase);

    private readonly record struct Rule(int FreeFailures, TimeSpan FirstPause, TimeSpan LongestPause);

    private readonly record struct Entry(int Failures, MonotonicTime LastFailure, MonotonicTime BlockedUntil);

    /// <summary>
    /// What counts as one address. Of IPv6 it is the network of 64 bits: a single subscriber is given 2⁶⁴ addresses (RFC 6177), and could fail in a new one each time.
    /// </summary>
    public static string CallerOf(IPAddress? address)
    {
        if (address is null || address.IsIPv4MappedToIPv6 || address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4().ToString() : address?.ToString() ?? "";
        }

        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        bytes[8..].Clear();
        return new IPAddress(bytes).ToString();
    }

    /// <summary>How long this caller has to wait before a password is looked at; zero when not at all.</summary>
    public TimeSpan Wait(string address, string name, MonotonicTime now)
    {
        lock (_lock)
        {
            TimeSpan wait = TimeSpan.Zero;
            foreach (string key in (ReadOnlySpan<string>)[AddressKey(address), NameKey(address, name)])
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
            Count(NameKey(address, name), ByName, now);
        }
    }

    /// <summary>A login forgets the failures of that caller in that name, and of that address.</summary>
    public void Succeeded(string address, string name)
    {
        lock (_lock)
        {
            _entries.Remove(AddressKey(address));
            _entries.Remove(NameKey(address, name));
        }
    }

    private static string AddressKey(string address) => "a:" + address;

    private static string NameKey(string address, string name) => $"n:{address} {name}";

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
