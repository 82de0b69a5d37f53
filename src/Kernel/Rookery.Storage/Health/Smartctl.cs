// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.ComponentModel;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace Rookery.Storage;

/// <summary>Runs smartctl (smartmontools) for one device: bounded in time and in what it may say, never waking one that sleeps.</summary>
[SuppressMessage("ApiDesign", "RS0030:Do not use banned APIs", Justification = "adapter: smartctl is a child process")]
internal static class Smartctl
{
    /// <summary>A disk that is about to die may take long to answer; what takes longer is killed, and nothing is known.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private const int MostCharacters = 256 << 10;

    /// <summary>Where distributions put it; services often have no sbin in their path.</summary>
    private static readonly string[] Places = ["/usr/sbin/smartctl", "/usr/local/sbin/smartctl", "/sbin/smartctl", "/usr/bin/smartctl"];

    /// <returns>Its report as JSON; <c>null</c> when it is not installed or did not answer.</returns>
    public static string? Ask(string device)
    {
        if (Array.Find(Places, File.Exists) is not { } program)
        {
            return null;
        }

        ProcessStartInfo start = new(program, ["--json", "--nocheck=standby", "-i", "-H", "-A", device])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        try
        {
            using Process? child = Process.Start(start);
            if (child is null)
            {
                return null;
            }

            child.StandardInput.Close();
            child.ErrorDataReceived += (_, _) => { };
            child.BeginErrorReadLine();
            var said = new System.Text.StringBuilder();
            child.OutputDataReceived += (_, line) =>
            {
                if (said.Length < MostCharacters)
                {
                    said.AppendLine(line.Data);
                }
            };
            child.BeginOutputReadLine();
            if (!child.WaitForExit(Limit))
            {
                child.Kill(entireProcessTree: true);
                return null;
            }

            // And until the last line was taken.
            child.WaitForExit();
            // Its exit code is a set of flags, of which some say that the disk is ill: the report tells them better.
            return said.Length < MostCharacters ? said.ToString() : null;
        }
        catch (Exception failed) when (failed is Win32Exception or IOException or InvalidOperationException)
        {
            return null;
        }
    }
}
