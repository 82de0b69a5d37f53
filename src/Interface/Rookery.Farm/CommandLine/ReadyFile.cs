// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Diagnostics.CodeAnalysis;

namespace Rookery.Farm.CommandLine;

/// <summary>Tells a waiting script that the farm serves, and where.</summary>
[SuppressMessage("ApiDesign", "RS0030:Do not use banned APIs", Justification = "adapter: writes the file")]
internal static class ReadyFile
{
    /// <summary>The file appears whole or not at all: who waits for it may read it at once.</summary>
    public static async Task WriteAsync(string path, IEnumerable<string> lines, CancellationToken cancellation)
    {
        string unfinished = $"{path}.tmp";
        await File.WriteAllLinesAsync(unfinished, lines, cancellation);
        File.Move(unfinished, path, overwrite: true);
    }
}
