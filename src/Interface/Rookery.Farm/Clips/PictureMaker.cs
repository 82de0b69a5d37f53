// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.ComponentModel;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace Rookery.Farm.Clips;

/// <summary>Makes clips with ffmpeg and keeps them in a folder, so that the next start is quick.</summary>
/// <param name="cacheFolder">Made when missing. Files in it may be deleted at any time.</param>
[SuppressMessage("ApiDesign", "RS0030:Do not use banned APIs", Justification = "adapter: runs ffmpeg and renames the file it made")]
public sealed class PictureMaker(string cacheFolder)
{
    /// <summary>The path of the clip, made now unless it is there.</summary>
    /// <exception cref="FarmException">ffmpeg is missing or failed.</exception>
    public async Task<string> MakeAsync(PictureSpec spec, CancellationToken cancellation)
    {
        Directory.CreateDirectory(cacheFolder);
        string path = Path.Combine(cacheFolder, spec.FileName);
        if (File.Exists(path))
        {
            return path;
        }

        // Under another name first: a clip that is half made must never be taken for a whole one, also when several make it at one time.
        string unfinished = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            string? error = await RunAsync(spec.Arguments(unfinished, withText: true), cancellation);
            if (error is not null)
            {
                // Most often there is no font. The moving picture alone will do.
                error = await RunAsync(spec.Arguments(unfinished, withText: false), cancellation);
            }

            if (error is not null)
            {
                throw new FarmException($"ffmpeg could not make the clip {spec.FileName}: {error}");
            }

            File.Move(unfinished, path, overwrite: true);
            return path;
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    /// <returns><c>null</c> when ffmpeg succeeded, otherwise what it said.</returns>
    private static async Task<string?> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        ProcessStartInfo start = new("ffmpeg", arguments) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardInput = true };
        using Process process = new() { StartInfo = start };
        try
        {
            process.Start();
        }
        catch (Win32Exception exception)
        {
            throw new FarmException("ffmpeg was not found. Install it, or give clips with --clip.", exception);
        }

        try
        {
            string error = await process.StandardError.ReadToEndAsync(cancellation);
            await process.WaitForExitAsync(cancellation);
            return process.ExitCode == 0 ? null : error.Trim();
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }
}
