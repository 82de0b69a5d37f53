// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Globalization;
using System.Text;

namespace Rookery.Rtsp;

/// <summary>A pair of adjacent numbers: interleaved channels, or ports. RTP goes to the first, RTCP to the second.</summary>
public readonly record struct NumberPair(int First, int Second)
{
    public override string ToString() => $"{First}-{Second}";
}

/// <summary>One transport of a Transport header (RFC 2326 §12.39).</summary>
public sealed record TransportSpec
{
    /// <summary>RTP inside the RTSP connection, in interleaved frames.</summary>
    public bool IsTcp { get; init; }

    public bool IsMulticast { get; init; }

    /// <summary>SRTP, which is not supported; kept so that it is never taken for RTP.</summary>
    public bool IsSecure { get; init; }

    public NumberPair? Interleaved { get; init; }

    public NumberPair? ClientPort { get; init; }

    public NumberPair? ServerPort { get; init; }

    /// <summary>Synchronisation source of the sender, when it is announced.</summary>
    public uint? Ssrc { get; init; }

    /// <summary>Address that UDP packets come from, when it is not that of the server; text, not trusted.</summary>
    public string? Source { get; init; }

    /// <summary>PLAY or RECORD in capitals; <c>null</c> means PLAY.</summary>
    public string? Mode { get; init; }

    /// <summary>Parses a header's value: transports in order of preference. Parts that make no sense are left out.</summary>
    public static IReadOnlyList<TransportSpec> ParseAll(string? header)
    {
        List<TransportSpec> specs = [];
        foreach (string text in (header ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (TryParse(text) is { } spec)
            {
                specs.Add(spec);
            }
        }

        return specs;
    }

    public override string ToString()
    {
        StringBuilder text = new(IsSecure ? "RTP/SAVP" : "RTP/AVP");
        text.Append(IsTcp ? "/TCP" : "").Append(IsMulticast ? ";multicast" : ";unicast");
        Append(text, "interleaved", Interleaved?.ToString());
        Append(text, "client_port", ClientPort?.ToString());
        Append(text, "server_port", ServerPort?.ToString());
        Append(text, "source", Source);
        Append(text, "ssrc", Ssrc?.ToString("X8", CultureInfo.InvariantCulture));
        Append(text, "mode", Mode is null ? null : $"\"{Mode}\"");
        return text.ToString();
    }

    private static void Append(StringBuilder text, string name, string? value)
    {
        if (value is not null)
        {
            text.Append(';').Append(name).Append('=').Append(value);
        }
    }

    private static TransportSpec? TryParse(string text)
    {
        string[] parts = text.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length == 0 || !parts[0].StartsWith("RTP/", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        TransportSpec spec = new()
        {
            IsTcp = parts[0].EndsWith("/TCP", StringComparison.OrdinalIgnoreCase),
            IsSecure = parts[0].Contains("SAVP", StringComparison.OrdinalIgnoreCase),
        };
        foreach (string part in parts.AsSpan(1))
        {
            int equals = part.IndexOf('=');
            string name = (equals < 0 ? part : part[..equals]).Trim();
            string value = equals < 0 ? "" : part[(equals + 1)..].Trim().Trim('"');
            spec = spec.With(name, value);
        }

        return spec;
    }

    private TransportSpec With(string name, string value)
    {
        if (Is("multicast"))
        {
            return this with { IsMulticast = true };
        }

        if (Is("interleaved"))
        {
            // Some servers answer RTP/AVP without /TCP, and channels all the same: the channels are what counts.
            NumberPair? channels = ParsePair(value, byte.MaxValue);
            return this with { Interleaved = channels, IsTcp = IsTcp || channels is not null };
        }

        if (Is("client_port"))
        {
            return this with { ClientPort = ParsePair(value, ushort.MaxValue) };
        }

        if (Is("server_port"))
        {
            return this with { ServerPort = ParsePair(value, ushort.MaxValue) };
        }

        if (Is("ssrc"))
        {
            return this with { Ssrc = ParseSsrc(value) };
        }

        if (Is("source"))
        {
            return this with { Source = value.Length == 0 ? null : value };
        }

        return Is("mode") ? this with { Mode = value.ToUpperInvariant() } : this;

        bool Is(string other) => name.Equals(other, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>"4-5", or "4" alone, which means 4 and 5.</summary>
    private static NumberPair? ParsePair(string value, int maximum)
    {
        int dash = value.IndexOf('-');
        if (!TryParseNumber(dash < 0 ? value : value[..dash], maximum, out int first))
        {
            return null;
        }

        return dash >= 0 && TryParseNumber(value[(dash + 1)..], maximum, out int second)
            ? new NumberPair(first, second)
            : new NumberPair(first, Math.Min(first + 1, maximum));
    }

    private static bool TryParseNumber(string text, int maximum, out int number) =>
        int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= maximum;

    /// <summary>Eight hexadecimal digits; fewer, blanks around them and a 0x before them are met.</summary>
    private static uint? ParseSsrc(string value)
    {
        string digits = value.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? value[2..] : value;
        return uint.TryParse(digits.Trim(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint ssrc) ? ssrc : null;
    }
}
