// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Net;
using Microsoft.Extensions.Logging;
using Rookery.Storage;

namespace Rookery.Server;

/// <summary>How the recorder runs. Where each value may come from: <see cref="SettingsReader"/>.</summary>
internal sealed record ServerSettings
{
    /// <summary>Directory of settings and keys, and of the video where no disk is named.</summary>
    public string Data { get; init; } = "data";

    /// <summary>Where video goes; empty for a file in <see cref="Data"/>, as large as the free space allows.</summary>
    public IReadOnlyList<DiskSpec> Disks { get; init; } = [];

    /// <summary>All interfaces by default: a recorder that only its own machine can see is of no use, and nobody gets in without a login.</summary>
    public IPEndPoint Listen { get; init; } = new(IPAddress.Any, 8080);

    /// <summary>How often what was received is made durable.</summary>
    public TimeSpan CommitInterval { get; init; } = TimeSpan.FromMilliseconds(300);

    /// <summary>Bytes of video that may wait in memory for the disk.</summary>
    public long MemoryBytes { get; init; } = 256L << 20;

    /// <summary>Disks that are recorded on at a time; <c>null</c> for all. See <see cref="StoreOptions.ActiveDisks"/>.</summary>
    public int? ActiveDisks { get; init; }

    /// <summary>See <see cref="StoreOptions.RotateAfter"/>.</summary>
    public TimeSpan? RotateAfter { get; init; }

    /// <summary>See <see cref="StoreOptions.StandbyAfter"/>.</summary>
    public TimeSpan StandbyAfter { get; init; } = TimeSpan.FromMinutes(20);

    /// <summary>Creates this administrator at the first start, for starts that nobody attends.</summary>
    public string? SetupUser { get; init; }

    /// <summary>File with that administrator's password.</summary>
    public string? SetupPasswordFile { get; init; }

    /// <summary>Written with the address as soon as the recorder serves.</summary>
    public string? ReadyFile { get; init; }

    public LogLevel LogLevel { get; init; } = LogLevel.Information;

    /// <summary>One JSON object a line instead of text.</summary>
    public bool LogJson { get; init; }
}
