// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.EndToEnd;

/// <summary>GStreamer's RTSP server with a test picture: a camera that none of our code has a part in.</summary>
internal sealed class GStreamerCamera : IAsyncDisposable
{
    public const string H264 = "( videotestsrc is-live=true pattern=ball ! video/x-raw,width=320,height=240,framerate=25/1 ! x264enc tune=zerolatency key-int-max=25 ! rtph264pay name=pay0 pt=96 config-interval=-1 audiotestsrc is-live=true ! audio/x-raw,rate=48000,channels=2 ! voaacenc ! rtpmp4gpay name=pay1 pt=97 )";
    public const string H265 = "( videotestsrc is-live=true pattern=ball ! video/x-raw,width=320,height=240,framerate=25/1 ! x265enc tune=zerolatency key-int-max=25 speed-preset=ultrafast ! rtph265pay name=pay0 pt=96 config-interval=-1 )";
    public const string Jpeg = "( videotestsrc is-live=true pattern=ball ! video/x-raw,format=I420,width=320,height=240,framerate=25/1 ! jpegenc ! rtpjpegpay name=pay0 pt=26 audiotestsrc is-live=true ! audio/x-raw,rate=8000,channels=1 ! mulawenc ! rtppcmupay name=pay1 pt=0 )";

    private readonly ChildProcess _process;

    private GStreamerCamera(ChildProcess process, int port)
    {
        _process = process;
        Url = $"rtsp://127.0.0.1:{port}/stream";
    }

    public string Url { get; }

    public static async Task<GStreamerCamera> StartAsync(string pipeline, string? user = null, string? password = null)
    {
        string script = Path.Combine(Paths.Root, "tests/testdata/peers/gst-rtsp-server.py");
        ChildProcess process = new("/usr/bin/python3", user is null ? [script, pipeline] : [script, pipeline, user, password!]);
        string line = await process.LineAsync("port ");
        return new GStreamerCamera(process, int.Parse(line["port ".Length..], System.Globalization.CultureInfo.InvariantCulture));
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
