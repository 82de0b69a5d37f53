// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.EndToEnd;

internal static class Ffmpeg
{
    /// <summary>Decodes a whole file and returns what ffmpeg complained of; empty when it is sound.</summary>
    public static async Task<string> DecodeAsync(byte[] file)
    {
        string path = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(path, file);
            await using ChildProcess ffmpeg = new("ffmpeg", ["-v", "error", "-xerror", "-nostdin", "-i", path, "-f", "null", "-"]);
            await Wait.UntilAsync("ffmpeg has decoded the file", () => Task.FromResult(ffmpeg.HasExited));
            return ffmpeg.ExitCode == 0 ? ffmpeg.Output : $"exit {ffmpeg.ExitCode}: {ffmpeg.Output}";
        }
        finally
        {
            File.Delete(path);
        }
    }
}
