// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Diagnostics.CodeAnalysis;

namespace Rookery.Server;

/// <summary>The few small files the program reads and writes itself.</summary>
[SuppressMessage("ApiDesign", "RS0030:Do not use banned APIs", Justification = "adapter: settings, password and ready files")]
internal static class Files
{
    private const int LargestBytes = 1 << 20;

    /// <exception cref="UsageException">It cannot be read; the message says why.</exception>
    public static string Read(string path, string what)
    {
        try
        {
            return new FileInfo(path).Length <= LargestBytes ? File.ReadAllText(path) : throw new UsageException($"The {what} {path} is larger than 1 MiB.");
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"The {what} {path} cannot be read: {problem.Message}", problem);
        }
    }

    /// <summary>Writes a file as a whole: who finds it finds all of it.</summary>
    /// <exception cref="UsageException">It cannot be written; the message says why.</exception>
    public static void Write(string path, string text, bool ownerOnly = false)
    {
        try
        {
            string temporary = path + ".new";
            File.Delete(temporary);
            FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (ownerOnly)
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            using (StreamWriter writer = new(temporary, new System.Text.UTF8Encoding(false), options))
            {
                writer.Write(text);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{path} cannot be written: {problem.Message}", problem);
        }
    }

    /// <summary>Reads a file that another part writes as a whole; <c>null</c> while it is not there.</summary>
    public static string? TryRead(string path) => File.Exists(path) ? File.ReadAllText(path) : null;

    public static void Delete(string path) => File.Delete(path);
}
