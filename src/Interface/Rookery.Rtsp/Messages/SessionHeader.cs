// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Globalization;

namespace Rookery.Rtsp;

/// <summary>The Session header (RFC 2326 §12.37).</summary>
/// <param name="Id">Never empty, holds no <c>;</c>.</param>
/// <param name="Timeout">How long the server keeps a session of which it hears nothing; <c>null</c> when it does not say, which means 60 s.</param>
public readonly record struct SessionHeader(string Id, TimeSpan? Timeout)
{
    /// <summary>RFC 2326 §12.37: "The default is 60 seconds".</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(60);

    public static bool TryParse(string? text, out SessionHeader header)
    {
        header = default;
        string[] parts = (text ?? "").Split(';', StringSplitOptions.TrimEntries);
        if (parts[0].Length == 0)
        {
            return false;
        }

        TimeSpan? timeout = null;
        foreach (string part in parts.AsSpan(1))
        {
            // "timeout = 60", with blanks, is met as well.
            int equals = part.IndexOf('=');
            if (equals > 0 && part[..equals].Trim().Equals("timeout", StringComparison.OrdinalIgnoreCase)
                && int.TryParse(part[(equals + 1)..].Trim().Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out int seconds) && seconds > 0)
            {
                timeout = TimeSpan.FromSeconds(seconds);
            }
        }

        header = new(parts[0], timeout);
        return true;
    }

    public override string ToString() => Timeout is { } timeout ? $"{Id};timeout={(int)timeout.TotalSeconds}" : Id;
}
