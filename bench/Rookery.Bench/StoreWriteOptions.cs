// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Globalization;
using Rookery.Storage;

namespace Rookery.Bench;

/// <summary>What <see cref="StoreWriteBench"/> and <see cref="RebuildBench"/> are asked for.</summary>
internal sealed record StoreWriteOptions
{
    public const string Usage = "usage: store-write [--layout D+P] [--streams N] [--mib N] [--warm-mib N] [--zone-mib N] DISK...";

    /// <summary>Default 1+0.</summary>
    public ChunkLayout Layout { get; private init; } = ChunkLayout.Single;

    /// <summary>Streams, default 50.</summary>
    public int Streams { get; private init; } = 50;

    /// <summary>Samples that are measured, default 2 GiB.</summary>
    public long Bytes { get; private init; } = 2L << 30;

    /// <summary>Durable before the clock starts, default 1 GiB: the first commit waits for its interval, and the run time compiles what is used often. A recorder runs for months.</summary>
    public long WarmUpBytes { get; private init; } = 1L << 30;

    /// <summary>Size of a zone, default 256 MiB.</summary>
    public long ZoneBytes { get; private init; } = 256L << 20;

    /// <summary>Paths; at least as many as the layout has columns.</summary>
    public IReadOnlyList<string> Disks { get; private init; } = [];

    /// <summary>Size of each disk: for twice of what is written, and some zones that are open or kept free.</summary>
    public long DiskBytes
    {
        get
        {
            double columns = (double)Layout.Columns / Layout.DataColumns / Disks.Count;
            long zones = (long)((WarmUpBytes + Bytes) * 1.5 * columns / ZoneBytes) + 8;
            return (2 << 20) + (zones * ZoneBytes);
        }
    }

    /// <returns><c>null</c> when it is not understood.</returns>
    public static StoreWriteOptions? Parse(string[] args)
    {
        StoreWriteOptions options = new();
        for (int i = 0; i < args.Length; i++)
        {
            if (!args[i].StartsWith("--", StringComparison.Ordinal))
            {
                options = options with { Disks = [.. options.Disks, args[i]] };
                continue;
            }

            string name = args[i];
            string value = ++i < args.Length ? args[i] : "";
            long number = long.TryParse(value, CultureInfo.InvariantCulture, out long parsed) && parsed > 0 ? parsed : 0;
            StoreWriteOptions? next = (name, number) switch
            {
                ("--layout", _) when value.Contains('+', StringComparison.Ordinal) => options with { Layout = ChunkLayout.Parse(value) },
                ("--streams", > 0 and <= 10_000) => options with { Streams = (int)number },
                ("--mib", > 0) => options with { Bytes = number << 20 },
                ("--warm-mib", > 0) => options with { WarmUpBytes = number << 20 },
                ("--zone-mib", > 0 and <= 256) => options with { ZoneBytes = number << 20 },
                _ => null,
            };
            if (next is null)
            {
                return null;
            }

            options = next;
        }

        return options.Disks.Count >= options.Layout.Columns ? options : null;
    }
}
