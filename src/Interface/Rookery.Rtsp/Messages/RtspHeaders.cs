// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Collections;

namespace Rookery.Rtsp;

/// <summary>
/// The headers of one message, in order, repeated names kept. Text is Latin-1 in both directions, so that octets above 127
/// (a realm in the camera maker's own code page, for one) come back exactly as they were sent.
/// </summary>
public sealed class RtspHeaders : IEnumerable<KeyValuePair<string, string>>
{
    private readonly List<KeyValuePair<string, string>> _entries = new(8);

    public int Count => _entries.Count;

    /// <summary>The first value under a name, without surrounding white space; <c>null</c> when there is none.</summary>
    public string? this[string name]
    {
        get
        {
            foreach (KeyValuePair<string, string> entry in _entries)
            {
                if (string.Equals(entry.Key, name, StringComparison.OrdinalIgnoreCase))
                {
                    return entry.Value;
                }
            }

            return null;
        }
    }

    /// <summary>All values under a name, in order.</summary>
    public IEnumerable<string> GetAll(string name) =>
        _entries.Where(entry => string.Equals(entry.Key, name, StringComparison.OrdinalIgnoreCase)).Select(entry => entry.Value);

    /// <exception cref="ArgumentException">The value holds a line break: it would become a header, or a message, of its own.</exception>
    public void Add(string name, string value)
    {
        if (value.AsSpan().IndexOfAny('\r', '\n', '\0') >= 0 || name.AsSpan().IndexOfAny('\r', '\n', ':') >= 0)
        {
            throw new ArgumentException($"The header {name} holds a line break.", nameof(value));
        }

        _entries.Add(new(name, value));
    }

    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => _entries.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Continues the last value, for header lines that were folded (RFC 2822 §2.2.3).</summary>
    internal void Fold(string continuation)
    {
        KeyValuePair<string, string> last = _entries[^1];
        _entries[^1] = new(last.Key, $"{last.Value} {continuation}");
    }
}
