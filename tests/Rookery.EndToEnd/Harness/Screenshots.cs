// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.EndToEnd;

/// <summary>Keeps what the pages looked like under <c>out/screenshots</c>, for people to look at.</summary>
internal static class Screenshots
{
    public static async Task KeepAsync(string name, byte[] png)
    {
        string folder = Path.Combine(Paths.Root, "out/screenshots");
        Directory.CreateDirectory(folder);
        await File.WriteAllBytesAsync(Path.Combine(folder, name + ".png"), png);
    }
}
