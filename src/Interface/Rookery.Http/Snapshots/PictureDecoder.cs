// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.ComponentModel;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Rookery.Foundation;
using Rookery.Media;
using Rookery.Recording.Playback;

namespace Rookery.Http;

/// <summary>Why there is no picture.</summary>
internal enum DecodeOutcome
{
    Ok,

    /// <summary>There is nothing to decode.</summary>
    Nothing,

    /// <summary>Too many wait already.</summary>
    Busy,

    /// <summary>ffmpeg took longer than <see cref="PictureDecoder.Limit"/>.</summary>
    TooSlow,

    /// <summary>ffmpeg could make nothing of the coded pictures.</summary>
    Unreadable,

    /// <summary>There is no ffmpeg on this machine.</summary>
    NoDecoder,
}

/// <param name="Outcome">Why there is none.</param>
/// <param name="Jpeg">Empty without a picture.</param>
/// <param name="Wall">When it was taken.</param>
internal readonly record struct DecodedPicture(DecodeOutcome Outcome, byte[] Jpeg, WallTime Wall);

/// <summary>
/// Decodes single pictures with ffmpeg children: <see cref="AtOneTime"/> at one time, <see cref="MaximumWaiting"/> waiting, each killed after <see cref="Limit"/>.
/// They run at a low priority with one thread, so that no scrubbing viewer can take the processor from recording. Whoever waits holds no coded pictures yet: they are
/// read when it is their turn, so that a flood of requests takes no memory.
/// </summary>
[SuppressMessage("ApiDesign", "RS0030:Do not use banned APIs", Justification = "adapter: the decoder is a child process")]
internal sealed class PictureDecoder
{
    public const int AtOneTime = 2;
    public const int MaximumWaiting = 16;
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <summary>Largest JPEG taken from a child: 3840 pixels wide at the best quality stays below it.</summary>
    private const int MaximumJpegBytes = 16 << 20;

    private readonly Turns _turns = new(AtOneTime, MaximumWaiting);

    /// <param name="read">Reads the coded pictures; <c>null</c> when there are none.</param>
    /// <param name="width">Pixels; <c>null</c> for the camera's own size.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<DecodedPicture> DecodeAsync(Func<CancellationToken, Task<SnapshotClip?>> read, int? width, CancellationToken cancellation)
    {
        if (!await _turns.TryBeginAsync(cancellation))
        {
            return new DecodedPicture(DecodeOutcome.Busy, [], default);
        }

        try
        {
            if (await read(cancellation) is not { } clip)
            {
                return new DecodedPicture(DecodeOutcome.Nothing, [], default);
            }

            (DecodeOutcome outcome, byte[] jpeg) = clip.Format.Codec == Codec.Jpeg && width is null
                ? (DecodeOutcome.Ok, clip.Bytes.ToArray())
                : await RunAsync(clip, width, cancellation);
            return new DecodedPicture(outcome, jpeg, clip.Wall);
        }
        finally
        {
            _turns.End();
        }
    }

    private static async Task<(DecodeOutcome Outcome, byte[] Jpeg)> RunAsync(SnapshotClip clip, int? width, CancellationToken cancellation)
    {
        using Process child = new() { StartInfo = Command(clip, width) };
        try
        {
            child.Start();
        }
        catch (Win32Exception)
        {
            return (DecodeOutcome.NoDecoder, []);
        }

        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Limit);
        try
        {
            LowerPriority(child);
            Task writing = FeedAsync(child, clip.Bytes, limit.Token);
            byte[] jpeg = await CollectAsync(child.StandardOutput.BaseStream, limit.Token);
            await writing;
            await child.WaitForExitAsync(limit.Token);
            return jpeg.Length > 0 ? (DecodeOutcome.Ok, jpeg) : (DecodeOutcome.Unreadable, []);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return (DecodeOutcome.TooSlow, []);
        }
        catch (IOException)
        {
            return (DecodeOutcome.Unreadable, []);
        }
        finally
        {
            if (!child.HasExited)
            {
                child.Kill(entireProcessTree: true);
            }
        }
    }

    private static ProcessStartInfo Command(SnapshotClip clip, int? width)
    {
        string scale = width is { } pixels ? string.Create(CultureInfo.InvariantCulture, $"scale={pixels}:-2,") : "";
        string select = string.Create(CultureInfo.InvariantCulture, $"select=gte(n\\,{clip.Picture}),{scale}format=yuvj420p");
        return new ProcessStartInfo("ffmpeg")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
            ArgumentList =
            {
                "-hide_banner", "-loglevel", "quiet", "-nostdin", "-threads", "1",
                "-f", clip.Format.Codec == Codec.Jpeg ? "mjpeg" : "mp4", "-i", "pipe:0",
                "-an", "-vf", select, "-frames:v", "1", "-q:v", "4", "-f", "image2pipe", "-c:v", "mjpeg", "pipe:1",
            },
        };
    }

    private static void LowerPriority(Process child)
    {
        try
        {
            child.PriorityClass = ProcessPriorityClass.BelowNormal;
        }
        catch (Exception problem) when (problem is InvalidOperationException or Win32Exception)
        {
            // It has ended already; its output is still to be read.
        }
    }

    private static async Task FeedAsync(Process child, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        try
        {
            await child.StandardInput.BaseStream.WriteAsync(bytes, cancellation);
            child.StandardInput.Close();
        }
        catch (IOException)
        {
            // It needed no more than it has read; its output tells whether that was enough.
        }
    }

    private static async Task<byte[]> CollectAsync(Stream output, CancellationToken cancellation)
    {
        using MemoryStream jpeg = new();
        byte[] buffer = new byte[64 << 10];
        int count;
        while ((count = await output.ReadAsync(buffer, cancellation)) > 0)
        {
            if (jpeg.Length + count > MaximumJpegBytes)
            {
                throw new IOException("The picture is larger than any picture should be.");
            }

            await jpeg.WriteAsync(buffer.AsMemory(0, count), cancellation);
        }

        return jpeg.ToArray();
    }
}
