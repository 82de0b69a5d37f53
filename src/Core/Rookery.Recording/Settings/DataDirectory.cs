// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Diagnostics.CodeAnalysis;

namespace Rookery.Recording;

/// <summary>
/// The directory that holds everything but footage: settings, keys, the lock. Open to its owner alone. One process at a time has it.
/// </summary>
[SuppressMessage("ApiDesign", "RS0030:Do not use banned APIs", Justification = "adapter: the settings' files")]
public sealed class DataDirectory : IDisposable
{
    private const UnixFileMode OwnerOnlyDirectory = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode OwnerOnlyFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly FileStream _lock;

    private DataDirectory(string path, FileStream heldLock)
    {
        Path = path;
        _lock = heldLock;
    }

    /// <summary>Absolute path.</summary>
    public string Path { get; }

    public string SettingsFile => System.IO.Path.Combine(Path, "settings.db");

    /// <summary>Opens the directory, and makes it where it does not exist.</summary>
    /// <exception cref="SettingsException">It cannot be made or written, or another process has it; the message says which.</exception>
    public static DataDirectory Open(string path)
    {
        string full = System.IO.Path.GetFullPath(path);
        try
        {
            if (!Directory.Exists(full))
            {
                Directory.CreateDirectory(full, OwnerOnlyDirectory);
            }

            string lockPath = System.IO.Path.Combine(full, "rookery.lock");
            FileStream heldLock = new(lockPath, new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.ReadWrite,
                Share = FileShare.None,
                UnixCreateMode = OwnerOnlyFile,
            });
            return new DataDirectory(full, heldLock);
        }
        catch (UnauthorizedAccessException problem)
        {
            throw new SettingsException($"The data directory {full} cannot be written. Give it to the user that runs Rookery, or choose another with --data.", problem);
        }
        catch (IOException problem)
        {
            throw new SettingsException(
                $"The data directory {full} cannot be opened ({problem.Message}). Perhaps another Rookery uses it: stop that one, or choose another with --data.", problem);
        }
    }

    /// <summary>Reads a secret of <paramref name="lengthBytes"/> from a file, or makes it at first use: random, readable by the owner alone, durable before it is used.</summary>
    /// <exception cref="SettingsException">The file has another length.</exception>
    public byte[] ReadOrCreateSecret(string name, int lengthBytes)
    {
        string path = System.IO.Path.Combine(Path, name);
        if (!File.Exists(path))
        {
            byte[] made = System.Security.Cryptography.RandomNumberGenerator.GetBytes(lengthBytes);
            string temporary = path + ".new";
            File.Delete(temporary);
            using (FileStream file = new(temporary, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnlyFile }))
            {
                file.Write(made);
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, path);
            return made;
        }

        byte[] secret = File.ReadAllBytes(path);
        return secret.Length == lengthBytes
            ? secret
            : throw new SettingsException($"The key file {path} has {secret.Length} bytes, and should have {lengthBytes}. Bring it back from a backup; without it stored camera passwords cannot be read.");
    }

    /// <summary>Notes that the recorder runs.</summary>
    /// <returns>Whether the run before this one ended in order; <c>true</c> as well when there was none.</returns>
    public bool BeginRun()
    {
        bool wasOrderly = !File.Exists(RunningMark);
        using FileStream mark = new(RunningMark, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = OwnerOnlyFile });
        return wasOrderly;
    }

    /// <summary>Notes that the recorder has ended in order.</summary>
    public void EndRun() => File.Delete(RunningMark);

    private string RunningMark => System.IO.Path.Combine(Path, "running");

    /// <summary>Narrows a file that another library made to its owner.</summary>
    internal static void RestrictToOwner(string path)
    {
        if (File.Exists(path))
        {
            File.SetUnixFileMode(path, OwnerOnlyFile);
        }
    }

    public void Dispose() => _lock.Dispose();
}
