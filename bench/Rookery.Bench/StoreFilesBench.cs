// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Diagnostics;
using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Rookery.Bench;

/// <summary>
/// The rival of <c>store-write</c> that most recorders are: a file for each camera. Each gets a second of its stream in one write and is flushed, so that a power cut costs a second; as fast as it goes, by several threads.
/// </summary>
internal static class StoreFilesBench
{
    /// <summary>The disk is kept busy while a thread waits for a flush; more made it no faster.</summary>
    private const int Threads = 16;

    private const int SecondBytes = 30 * 17_500; // 4.2 Mbit/s

    public static int Run(string[] args)
    {
        if (args is not [string folder, string mebibytesText, string filesText]
            || !int.TryParse(mebibytesText, CultureInfo.InvariantCulture, out int mebibytes) || !int.TryParse(filesText, CultureInfo.InvariantCulture, out int files))
        {
            Console.Error.WriteLine("usage: store-files FOLDER MEBIBYTES FILES");
            return 2;
        }

        byte[] content = new byte[SecondBytes];
        new Random(1).NextBytes(content);
        SafeFileHandle[] handles = [.. Enumerable.Range(0, files).Select(i => File.OpenHandle(Path.Combine(folder, $"camera-{i}.ts"), FileMode.Create, FileAccess.Write))];
        long seconds = ((long)mebibytes << 20) / SecondBytes / files;
        long begin = Stopwatch.GetTimestamp();
        Thread[] threads = [.. Enumerable.Range(0, Threads).Select(t => new Thread(() => Write(handles, t, seconds, content)))];
        Array.ForEach(threads, static thread => thread.Start());
        Array.ForEach(threads, static thread => thread.Join());
        double elapsed = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        Array.ForEach(handles, static handle => handle.Dispose());
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{seconds * files * SecondBytes / elapsed / 1e6:0} MB/s, {seconds * files} flushes, {elapsed / seconds * 1000:0} ms for a second of all cameras"));
        return 0;
    }

    private static void Write(SafeFileHandle[] handles, int thread, long seconds, byte[] content)
    {
        for (long second = 0; second < seconds; second++)
        {
            for (int i = thread; i < handles.Length; i += Threads)
            {
                RandomAccess.Write(handles[i], content, second * SecondBytes);
                RandomAccess.FlushToDisk(handles[i]);
            }
        }
    }
}
