// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Server;

/// <summary>What the program ends with. Documented in docs/guide/configuration.md; scripts rely on the numbers.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>What was asked for failed: a test of a camera, a check that found damage, a server that refused.</summary>
    public const int Failed = 1;

    /// <summary>The command line or the settings are wrong; nothing was done.</summary>
    public const int Usage = 2;

    /// <summary>A disk or the data directory cannot be used.</summary>
    public const int Storage = 3;

    /// <summary>The address to listen on cannot be had.</summary>
    public const int Address = 4;
}
