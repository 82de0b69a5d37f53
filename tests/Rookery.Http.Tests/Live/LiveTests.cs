// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Buffers.Binary;
using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Rookery.Media;
using Rookery.Recording.Tests;

namespace Rookery.Http.Tests;

public sealed class LiveTests
{
    [Fact]
    public async Task A_viewer_starts_with_the_present_group_of_pictures_and_gets_each_new_one_as_a_fragment()
    {
        await using RunningWeb web = await RunningWeb.StartLoggedInAsync();
        string id = await web.AddCameraAsync();
        CameraThatObeys.Session camera = web.Connector.Last;
        camera.Describe();
        camera.Picture(key: true);
        camera.Picture();

        using ClientWebSocket socket = await ConnectAsync(web, id);
        JsonElement init = await TextAsync(socket);
        init.GetProperty("type").GetString().ShouldBe("init");
        init.GetProperty("mimeType").GetString()!.ShouldStartWith("video/mp4; codecs=\"avc1");
        (init.GetProperty("codec").GetString(), init.GetProperty("width").GetInt32(), init.GetProperty("height").GetInt32()).ShouldBe(("h264", 640, 360));
        Boxes(await BinaryAsync(socket)).ShouldBe(["ftyp", "moov"]);
        Boxes(await BinaryAsync(socket)).ShouldBe(["moof", "mdat"]);
        Boxes(await BinaryAsync(socket)).ShouldBe(["moof", "mdat"]);
        camera.Picture(bytes: 777);
        byte[] fragment = await BinaryAsync(socket);
        Boxes(fragment).ShouldBe(["moof", "mdat"]);
        fragment.Length.ShouldBeInRange(777, 1000);
    }

    [Fact]
    public async Task A_change_of_format_begins_with_a_new_initialization_segment()
    {
        await using RunningWeb web = await RunningWeb.StartLoggedInAsync();
        string id = await web.AddCameraAsync();
        CameraThatObeys.Session camera = web.Connector.Last;
        camera.Describe();
        camera.Picture(key: true);
        using ClientWebSocket socket = await ConnectAsync(web, id);
        await TextAsync(socket);
        await BinaryAsync(socket);
        await BinaryAsync(socket);

        camera.ChangeFormat(CameraThatObeys.Video with { Width = 1280, Height = 720 });
        camera.Picture(key: true);
        JsonElement init = await TextAsync(socket);
        init.GetProperty("width").GetInt32().ShouldBe(1280);
        Boxes(await BinaryAsync(socket)).ShouldBe(["ftyp", "moov"]);
        Boxes(await BinaryAsync(socket)).ShouldBe(["moof", "mdat"]);
    }

    [Fact]
    public async Task Audio_comes_along_unless_the_viewer_does_not_want_it()
    {
        await using RunningWeb web = await RunningWeb.StartLoggedInAsync();
        string id = await web.AddCameraAsync();
        CameraThatObeys.Session camera = web.Connector.Last;
        camera.Describe(withAudio: true);
        camera.Picture(key: true);
        using ClientWebSocket both = await ConnectAsync(web, id);
        using ClientWebSocket silent = await ConnectAsync(web, id, "?video=only");
        (await TextAsync(both)).GetProperty("mimeType").GetString()!.ShouldContain("mp4a");
        (await TextAsync(silent)).GetProperty("mimeType").GetString()!.ShouldNotContain("mp4a");
    }

    [Fact]
    public async Task While_nothing_comes_the_viewer_is_told_why()
    {
        await using RunningWeb web = await RunningWeb.StartLoggedInAsync();
        string id = await web.AddCameraAsync();
        web.Connector.Last.End();
        using ClientWebSocket socket = await ConnectAsync(web, id);
        JsonElement state = await TextAsync(socket);
        (state.GetProperty("type").GetString(), state.GetProperty("phase").GetString()).ShouldBe(("state", "failed"));
        state.GetProperty("message").GetString().ShouldBe("the test ended it");
    }

    [Fact]
    public async Task A_codec_that_browsers_do_not_play_is_told_instead_of_sent()
    {
        await using RunningWeb web = await RunningWeb.StartLoggedInAsync();
        string id = await web.AddCameraAsync();
        CameraThatObeys.Session camera = web.Connector.Last;
        camera.Describe();
        camera.ChangeFormat(new TrackFormat { Codec = Codec.Jpeg, Timescale = 90000, Width = 640, Height = 360 });
        camera.Picture(key: true);
        using ClientWebSocket socket = await ConnectAsync(web, id);
        JsonElement state = await TextAsync(socket);
        state.GetProperty("type").GetString().ShouldBe("state");
        state.GetProperty("message").GetString()!.ShouldContain("Jpeg");
    }

    [Fact]
    public async Task A_viewer_that_leaves_is_forgotten_and_one_that_stays_is_told_when_the_camera_is_removed()
    {
        await using RunningWeb web = await RunningWeb.StartLoggedInAsync();
        string id = await web.AddCameraAsync();
        using ClientWebSocket socket = await ConnectAsync(web, id);
        await TextAsync(socket);
        (await web.Client.DeleteAsync($"/api/v1/cameras/{id}")).Dispose();
        WebSocketReceiveResult end;
        do
        {
            end = await socket.ReceiveAsync(new byte[4096], CancellationToken.None);
        }
        while (end.MessageType != WebSocketMessageType.Close);
        end.CloseStatus.ShouldBe(WebSocketCloseStatus.NormalClosure);
    }

    [Fact]
    public async Task Logging_out_ends_the_live_views_of_that_session()
    {
        await using RunningWeb web = await RunningWeb.StartLoggedInAsync();
        string id = await web.AddCameraAsync();
        using ClientWebSocket socket = await ConnectAsync(web, id);
        await TextAsync(socket);
        (await web.Client.DeleteAsync("/api/v1/session")).Dispose();
        WebSocketReceiveResult end;
        do
        {
            end = await socket.ReceiveAsync(new byte[4096], CancellationToken.None);
        }
        while (end.MessageType != WebSocketMessageType.Close);
        end.CloseStatus.ShouldBe(WebSocketCloseStatus.PolicyViolation);
    }

    [Fact]
    public async Task A_page_of_another_site_cannot_open_it()
    {
        await using RunningWeb web = await RunningWeb.StartLoggedInAsync();
        string id = await web.AddCameraAsync();
        using ClientWebSocket socket = new();
        socket.Options.Cookies = web.Cookies;
        socket.Options.SetRequestHeader("Origin", "https://evil.example");
        socket.Options.CollectHttpResponseDetails = true;
        await Should.ThrowAsync<WebSocketException>(() => socket.ConnectAsync(Address(web, id, ""), CancellationToken.None));
        socket.HttpStatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    private static async Task<ClientWebSocket> ConnectAsync(RunningWeb web, string id, string query = "")
    {
        ClientWebSocket socket = new();
        socket.Options.Cookies = web.Cookies;
        socket.Options.SetRequestHeader("Origin", web.Address.GetLeftPart(UriPartial.Authority));
        await socket.ConnectAsync(Address(web, id, query), CancellationToken.None);
        return socket;
    }

    private static Uri Address(RunningWeb web, string id, string query) => new($"ws://{web.Address.Authority}/api/v1/cameras/{id}/live{query}");

    private static async Task<JsonElement> TextAsync(ClientWebSocket socket)
    {
        (WebSocketMessageType type, byte[] message) = await ReceiveAsync(socket);
        type.ShouldBe(WebSocketMessageType.Text);
        return JsonDocument.Parse(message).RootElement;
    }

    private static async Task<byte[]> BinaryAsync(ClientWebSocket socket)
    {
        (WebSocketMessageType type, byte[] message) = await ReceiveAsync(socket);
        type.ShouldBe(WebSocketMessageType.Binary);
        return message;
    }

    private static async Task<(WebSocketMessageType Type, byte[] Message)> ReceiveAsync(ClientWebSocket socket)
    {
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(30));
        byte[] buffer = new byte[1 << 20];
        int length = 0;
        while (true)
        {
            WebSocketReceiveResult result = await socket.ReceiveAsync(new ArraySegment<byte>(buffer, length, buffer.Length - length), limit.Token);
            length += result.Count;
            if (result.EndOfMessage)
            {
                return (result.MessageType, buffer[..length]);
            }
        }
    }

    private static List<string> Boxes(byte[] bytes)
    {
        List<string> names = [];
        for (int at = 0; at < bytes.Length; at += (int)BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(at)))
        {
            names.Add(Encoding.ASCII.GetString(bytes, at + 4, 4));
        }

        return names;
    }
}
