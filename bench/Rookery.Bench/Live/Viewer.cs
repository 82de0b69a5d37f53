// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Diagnostics;
using System.Globalization;
using System.Net.WebSockets;
using Rookery.Bench.Ingest;
using Rookery.Farm;
using Rookery.Foundation;

namespace Rookery.Bench.Live;

/// <summary>Somebody who watches one camera until disposed, and notes when each picture is whole on this side.</summary>
internal sealed class Viewer : IAsyncDisposable
{
    private readonly Arrivals _arrivals;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<ulong> _pictures = [];
    private Task _watching = Task.CompletedTask;

    private Viewer(SentLog camera) => _arrivals = new Arrivals(camera);

    /// <summary>The recorder's live WebSocket.</summary>
    public static async Task<Viewer> WatchAsync(RecorderApi api, string camera, SentLog log)
    {
        Viewer viewer = new(log);
        WebSocket socket = await api.WatchAsync(camera);
        viewer._watching = viewer.ReceiveAsync(socket);
        return viewer;
    }

    /// <summary>ffmpeg between the camera and us, told to hold nothing back: a fragment for each picture, and each fragment into the pipe at once.</summary>
    public static Viewer Ffmpeg(Uri camera, SentLog log)
    {
        ProcessStartInfo start = new("ffmpeg", ["-nostdin", "-loglevel", "error", "-fflags", "nobuffer", "-rtsp_transport", "tcp", "-i", camera.AbsoluteUri,
            "-c", "copy", "-f", "mp4", "-movflags", "empty_moov+frag_every_frame", "-flush_packets", "1", "pipe:1"]) { UseShellExecute = false, RedirectStandardOutput = true };
        Viewer viewer = new(log);
        viewer._watching = viewer.ReadAsync(Process.Start(start)!);
        return viewer;
    }

    /// <summary>See <see cref="Arrivals.Collect"/>; stops watching first.</summary>
    public async Task<int> CollectAsync(MonotonicTime begin, MonotonicTime end, List<double> delays)
    {
        await DisposeAsync();
        return _arrivals.Collect(begin, end, delays);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching;
    }

    private async Task ReceiveAsync(WebSocket socket)
    {
        byte[] buffer = new byte[4 << 20];
        int filled = 0;
        using (socket)
        {
            try
            {
                while (true)
                {
                    ValueWebSocketReceiveResult part = await socket.ReceiveAsync(buffer.AsMemory(filled), _stop.Token);
                    filled = part.MessageType == WebSocketMessageType.Binary ? filled + part.Count : 0;
                    if (part.EndOfMessage)
                    {
                        Take(buffer.AsSpan(0, filled));
                        filled = 0;
                    }
                }
            }
            catch (OperationCanceledException)
            {
                // Watched enough.
            }
        }
    }

    private async Task ReadAsync(Process process)
    {
        byte[] buffer = new byte[4 << 20];
        int filled = 0;
        using (process)
        {
            try
            {
                while (await process.StandardOutput.BaseStream.ReadAsync(buffer.AsMemory(filled), _stop.Token) is > 0 and int count)
                {
                    filled += count;
                    int taken = Take(buffer.AsSpan(0, filled));
                    buffer.AsSpan(taken, filled - taken).CopyTo(buffer);
                    filled -= taken;
                }

                throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"ffmpeg ended with {process.ExitCode}."));
            }
            catch (OperationCanceledException)
            {
                process.Kill();
            }

            await process.WaitForExitAsync();
        }
    }

    /// <returns>Bytes of whole boxes.</returns>
    private int Take(ReadOnlySpan<byte> bytes)
    {
        // Before the hashes are reckoned: they are our own time.
        MonotonicTime now = MonotonicTime.Now(TimeProvider.System);
        int taken = 0;
        _pictures.Clear();
        while (FragmentPictures.Take(bytes[taken..], _pictures) is > 0 and int length)
        {
            taken += length;
        }

        _arrivals.Add(_pictures, now);
        return taken;
    }
}
