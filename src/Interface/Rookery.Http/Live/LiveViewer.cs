// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Buffers;
using System.Net.WebSockets;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Rookery.Media;
using Rookery.Media.Mp4;
using Rookery.Recording;
using StreamReader = Rookery.Recording.StreamReader;

namespace Rookery.Http;

/// <summary>
/// One live viewer: takes access units from the hub, and sends each picture as a fragment as soon as it is there, with the audio that came since the last.
/// </summary>
/// <remarks>
/// What waits for the viewer waits in its <see cref="StreamReader"/>, which is bounded and skips to the next random access point when it is full; here nothing is
/// queued, one message is sent at a time. A viewer that takes nothing for <see cref="SendLimit"/> is dropped. Design: docs/design/live.md.
/// </remarks>
internal sealed partial class LiveViewer(WebSocket socket, ChannelRecorder channel, StreamReader reader, bool withAudio, ILogger<LiveViewer> log)
{
    private static readonly TimeSpan SendLimit = TimeSpan.FromSeconds(15);

    /// <summary>Without a picture for one to two of these, the viewer is told why.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(2);

    /// <summary>What a viewer has time for to answer our goodbye.</summary>
    private static readonly TimeSpan Goodbye = TimeSpan.FromSeconds(1);

    private readonly LiveTracks _tracks = new(withAudio);
    private readonly BoxWriter _fragment = new(64 << 10);
    private (ChannelPhase Phase, string Message)? _told;

    /// <param name="stop">Ends the view.</param>
    /// <param name="loggedOut">Ends it, too: its session is over.</param>
    public async Task RunAsync(CancellationToken stop, CancellationToken loggedOut)
    {
        using CancellationTokenSource left = CancellationTokenSource.CreateLinkedTokenSource(stop, loggedOut);
        // A read that is cancelled breaks the connection: listening goes on until the goodbyes are said.
        using CancellationTokenSource deaf = new();
        Task listening = ListenAsync(left, deaf.Token);
        try
        {
            await SendAllAsync(left.Token);
            await SayGoodbyeAsync(WebSocketCloseStatus.NormalClosure, "The camera was removed.");
        }
        catch (OperationCanceledException) when (loggedOut.IsCancellationRequested)
        {
            await SayGoodbyeAsync(WebSocketCloseStatus.PolicyViolation, "The session is over.");
        }
        catch (OperationCanceledException)
        {
            await SayGoodbyeAsync(WebSocketCloseStatus.EndpointUnavailable, "The recorder stops.");
        }
        catch (WebSocketException problem)
        {
            LogBroken(problem.Message);
        }
        finally
        {
            await Task.WhenAny(listening, Task.Delay(Goodbye, CancellationToken.None));
            await deaf.CancelAsync();
            await listening;
        }
    }

    private async Task SendAllAsync(CancellationToken ended)
    {
        await TellStateAsync(ended);
        using PeriodicTimer silence = new(Silence);
        Task<bool> beat = silence.WaitForNextTickAsync(ended).AsTask();
        bool isSilent = false;
        while (true)
        {
            Task<bool> arrival = reader.WaitToReadAsync(ended).AsTask();
            while (!arrival.IsCompleted && await Task.WhenAny(arrival, beat) == beat)
            {
                await beat;
                if (isSilent)
                {
                    await TellStateAsync(ended);
                }

                isSilent = true;
                beat = silence.WaitForNextTickAsync(ended).AsTask();
            }

            if (!await arrival)
            {
                return;
            }

            while (reader.TryRead(out StreamItem item))
            {
                try
                {
                    isSilent &= !await SendAsync(item, ended);
                }
                finally
                {
                    item.Release();
                }
            }
        }
    }

    /// <returns>Whether the viewer got something.</returns>
    private async ValueTask<bool> SendAsync(StreamItem item, CancellationToken ended)
    {
        LiveStep step = _tracks.Next(item, channel.Hub);
        if (step == LiveStep.Drop)
        {
            return false;
        }

        LiveFragmenter fragmenter = _tracks.Fragmenter!;
        if (step == LiveStep.Start)
        {
            _told = null;
            TrackFormat video = _tracks.Video;
            await SendTextAsync(new LiveMessage("init") { MimeType = _tracks.MimeType, Codec = video.Codec, Width = video.Width, Height = video.Height }, ended);
            await SendAsync(fragmenter.Init, WebSocketMessageType.Binary, ended);
        }

        _fragment.Clear();
        if (fragmenter.Write(_fragment, LiveTracks.PlaceOf(item), item.Unit, item.Wall))
        {
            await SendAsync(_fragment.Memory, WebSocketMessageType.Binary, ended);
        }

        return true;
    }

    private async ValueTask TellStateAsync(CancellationToken ended)
    {
        ChannelState state = channel.Snapshot();
        (ChannelPhase Phase, string Message) now = (state.Phase, state.Phase == ChannelPhase.Streaming ? Unplayable(state) : state.LastError?.Message ?? "");
        if (now == _told || (now.Phase == ChannelPhase.Streaming && now.Message.Length == 0))
        {
            return;
        }

        _told = now;
        await SendTextAsync(new LiveMessage("state") { Phase = now.Phase, Message = now.Message }, ended);
    }

    private static string Unplayable(ChannelState state) =>
        state.Formats.FirstOrDefault(format => format.Kind == TrackKind.Video) is { } video && !BrowserFormats.CanPlay(video)
            ? $"This camera sends {video.Codec}, which browsers do not play live. It is recorded, and can be downloaded."
            : "";

    private ValueTask SendTextAsync(LiveMessage message, CancellationToken ended) =>
        SendAsync(JsonSerializer.SerializeToUtf8Bytes(message, LiveJson.Default.LiveMessage), WebSocketMessageType.Text, ended);

    private async ValueTask SendAsync(ReadOnlyMemory<byte> message, WebSocketMessageType type, CancellationToken ended)
    {
        ValueTask sending = socket.SendAsync(message, type, endOfMessage: true, ended);
        if (sending.IsCompletedSuccessfully)
        {
            return;
        }

        // Only a message that does not go out at once is worth a timer.
        try
        {
            await sending.AsTask().WaitAsync(SendLimit, ended);
        }
        catch (TimeoutException late)
        {
            LogStuck(SendLimit.TotalSeconds);
            socket.Abort();
            throw new OperationCanceledException("The viewer takes nothing.", late);
        }
    }

    /// <summary>Reads what the viewer sends, which is nothing but its goodbye.</summary>
    private async Task ListenAsync(CancellationTokenSource left, CancellationToken deaf)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(256);
        try
        {
            while ((await socket.ReceiveAsync(buffer.AsMemory(), deaf)).MessageType != WebSocketMessageType.Close)
            {
            }
        }
        catch (Exception problem) when (problem is OperationCanceledException or WebSocketException or ObjectDisposedException)
        {
            // The connection is gone; that is all we wanted to know.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            await left.CancelAsync();
        }
    }

    private async ValueTask SayGoodbyeAsync(WebSocketCloseStatus status, string reason)
    {
        if (socket.State is not (WebSocketState.Open or WebSocketState.CloseReceived))
        {
            return;
        }

        using CancellationTokenSource limit = new(Goodbye);
        try
        {
            await socket.CloseOutputAsync(status, reason, limit.Token);
        }
        catch (Exception problem) when (problem is OperationCanceledException or WebSocketException)
        {
            LogBroken(problem.Message);
        }
    }

    [LoggerMessage(EventId = 3101, Level = LogLevel.Debug, Message = "A live view broke: {Reason}")]
    private partial void LogBroken(string reason);

    [LoggerMessage(EventId = 3102, Level = LogLevel.Information, Message = "A live viewer took nothing for {Seconds} s, and was dropped")]
    private partial void LogStuck(double seconds);
}
