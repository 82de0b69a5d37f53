// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Net;
using System.Net.Sockets;
using Rookery.Farm.Cameras;
using Rookery.Farm.Clips;
using Rookery.Media;
using Rookery.Rtsp;
using Rookery.Rtsp.Server;

namespace Rookery.Farm.Tests;

public sealed class FarmServerTests
{
    private static readonly FarmServerOptions Options = new() { Cameras = 2, Tick = TimeSpan.FromMilliseconds(5), SentLogUnits = 10_000 };

    [Fact]
    public async Task What_a_client_receives_is_what_the_camera_says_it_sent_and_what_the_file_holds()
    {
        Clip clip = ClipLoader.Load(TestData.Path("mp4/h264-aac.mp4"));
        await using FarmServer farm = FarmServer.Start(Options, [clip]);
        await using PlainClient client = await PlainClient.ConnectAsync(farm.Url(1));
        using ReceivedUnits received = new(await client.PlayAsync());
        // More than a round, so that the seam is among them.
        while (received.Units.Count(unit => unit.Track == 0) < clip.Tracks[0].Units.Length + 5)
        {
            (byte channel, byte[] data) = await client.NextFrameAsync();
            received.Take(channel, data);
        }

        IReadOnlyList<SentUnit> sent = farm.Log(1)!.Snapshot();
        HashSet<ulong> ofFile = [.. clip.Tracks.SelectMany(track => track.Units.ToArray()).Select(unit => unit.Hash)];
        for (byte track = 0; track < 2; track++)
        {
            var got = received.Units.Where(unit => unit.Track == track).ToList();
            var gave = sent.Where(unit => unit.Track == track).Select(unit => (unit.Track, unit.RtpTimestamp, unit.SizeBytes, unit.Hash)).Take(got.Count).ToList();
            got.ShouldBe(gave);
            got.ShouldAllBe(unit => ofFile.Contains(unit.Hash));
        }

        received.SenderReports.ShouldBeGreaterThanOrEqualTo(2);
        sent[0].IsRandomAccess.ShouldBeTrue();
    }

    [Fact]
    public async Task Timestamps_go_on_growing_evenly_over_the_seam()
    {
        Clip clip = SyntheticClip.Make(seed: 3, frames: 10, gop: 5, withAudio: false);
        await using FarmServer farm = FarmServer.Start(Options, [clip]);
        await using PlainClient client = await PlainClient.ConnectAsync(farm.Url(2));
        using ReceivedUnits received = new(await client.PlayAsync());
        await ReceiveAsync(client, received, units: 25);

        for (int i = 1; i < 25; i++)
        {
            (received.Units[i].RtpTimestamp - received.Units[i - 1].RtpTimestamp).ShouldBe(3600u);
        }

        received.Units[24].Hash.ShouldBe(received.Units[4].Hash);
    }

    [Fact]
    public async Task Two_clients_of_a_camera_see_the_same_pictures_with_numbers_of_their_own()
    {
        Clip clip = SyntheticClip.Make(seed: 3, withAudio: false);
        await using FarmServer farm = FarmServer.Start(Options, [clip]);
        await using PlainClient first = await PlainClient.ConnectAsync(farm.Url(1));
        await using PlainClient second = await PlainClient.ConnectAsync(farm.Url(1));
        using ReceivedUnits one = new(await first.PlayAsync());
        using ReceivedUnits two = new(await second.PlayAsync());
        await ReceiveAsync(first, one, units: 40);
        await ReceiveAsync(second, two, units: 10);

        one.Units.Select(unit => unit.Hash).ShouldBeSubsetOf(clip.Tracks[0].Units.ToArray().Select(unit => unit.Hash));
        one.Units.Select(unit => unit.Hash).ShouldContain(two.Units[0].Hash);
        one.Units[0].RtpTimestamp.ShouldNotBe(two.Units[0].RtpTimestamp);
        farm.Status(1).Clients.ShouldBe(2);
    }

    [Fact]
    public async Task A_change_of_resolution_brings_new_parameter_sets_and_goes_on_in_time()
    {
        Clip small = ClipLoader.Load(TestData.Path("mp4/h264-aac.mp4"), FarmAudio.None);
        Clip other = SyntheticClip.Make(seed: 5, withAudio: false);
        await using FarmServer farm = FarmServer.Start(Options with { FirstClips = 1 }, [other, small]);
        await using PlainClient client = await PlainClient.ConnectAsync(farm.Url(1));
        using ReceivedUnits received = new(await client.PlayAsync());
        await ReceiveAsync(client, received, units: 3);

        farm.TryShowSize(1, small.Size).ShouldBeTrue();
        HashSet<ulong> wanted = [.. small.Tracks[0].Units.ToArray().Select(unit => unit.Hash)];
        while (!wanted.Contains(received.Units[^1].Hash))
        {
            await ReceiveAsync(client, received, units: 1);
        }

        received.Formats(0).Last().Width.ShouldBe(small.Tracks[0].Format.Width);
        uint step = received.Units[^1].RtpTimestamp - received.Units[^2].RtpTimestamp;
        ((double)step).ShouldBeInRange(1, 90_000);
        farm.TryShowSize(1, "1x1").ShouldBeFalse();
    }

    [Fact]
    public async Task A_stalled_camera_answers_and_sends_nothing_until_it_is_well_again()
    {
        await using FarmServer farm = FarmServer.Start(Options, [SyntheticClip.Make(seed: 3, withAudio: false)]);
        await using PlainClient client = await PlainClient.ConnectAsync(farm.Url(1));
        using ReceivedUnits received = new(await client.PlayAsync());
        await ReceiveAsync(client, received, units: 2);

        farm.Stall(1);
        // What was under way when it stalled comes before the second answer.
        (await client.AskAsync(RtspMethods.GetParameter, "")).StatusCode.ShouldBe(200);
        client.Frames.Clear();
        for (int i = 0; i < 3; i++)
        {
            (await client.AskAsync(RtspMethods.GetParameter, "")).StatusCode.ShouldBe(200);
        }

        client.Frames.ShouldBeEmpty();
        farm.Status(1).Fault.ShouldBe(CameraFault.Stalled);
        farm.Resume(1);
        await client.NextFrameAsync();
    }

    [Fact]
    public async Task A_dropped_client_may_come_back_and_one_of_a_camera_that_is_offline_may_not()
    {
        await using FarmServer farm = FarmServer.Start(Options, [SyntheticClip.Make(seed: 3)]);
        await using PlainClient client = await PlainClient.ConnectAsync(farm.Url(1));
        await client.PlayAsync();
        farm.Drop(1);
        await client.ReadToEndAsync();

        await using PlainClient again = await PlainClient.ConnectAsync(farm.Url(1));
        await again.PlayAsync();
        farm.TakeOffline(1);
        await again.ReadToEndAsync();

        await using PlainClient late = await PlainClient.ConnectAsync(farm.Url(1));
        await Should.ThrowAsync<IOException>(() => late.PlayAsync());
        await using PlainClient neighbour = await PlainClient.ConnectAsync(farm.Url(2));
        await neighbour.PlayAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Only_who_knows_the_password_gets_in(bool basic)
    {
        FarmServerOptions options = Options with { User = "admin", Password = "pässword", BasicOnly = basic };
        await using FarmServer farm = FarmServer.Start(options, [SyntheticClip.Make(seed: 3)]);
        await using PlainClient stranger = await PlainClient.ConnectAsync(farm.Url(1));
        (await stranger.AskAsync(RtspMethods.Describe, "")).StatusCode.ShouldBe(RtspStatus.Unauthorized);
        await using PlainClient wrong = await PlainClient.ConnectAsync(farm.Url(1), new RtspCredentials("admin", "password"));
        (await wrong.AskAsync(RtspMethods.Describe, "")).StatusCode.ShouldBe(RtspStatus.Unauthorized);
        await using PlainClient friend = await PlainClient.ConnectAsync(farm.Url(1), new RtspCredentials("admin", "pässword"));
        await friend.PlayAsync();
    }

    [Fact]
    public async Task Media_travels_by_udp_to_who_asks_for_it()
    {
        await using FarmServer farm = FarmServer.Start(Options, [SyntheticClip.Make(seed: 3, withAudio: false)]);
        await using PlainClient client = await PlainClient.ConnectAsync(farm.Url(1));
        using UdpClient rtp = new(new IPEndPoint(IPAddress.Loopback, 0));
        int port = ((IPEndPoint)rtp.Client.LocalEndPoint!).Port;
        RtspResponse setup = await client.AskAsync(RtspMethods.Setup, "/track0", (RtspHeaderNames.Transport, $"RTP/AVP;unicast;client_port={port}-{port}"));
        TransportSpec transport = TransportSpec.ParseAll(setup.Headers[RtspHeaderNames.Transport]).ShouldHaveSingleItem();
        SessionHeader.TryParse(setup.Headers[RtspHeaderNames.Session], out SessionHeader session).ShouldBeTrue();
        client.Session = session.Id;
        (await client.AskAsync(RtspMethods.Play, "")).StatusCode.ShouldBe(200);

        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(20));
        UdpReceiveResult datagram = await rtp.ReceiveAsync(limit.Token);
        datagram.RemoteEndPoint.Port.ShouldBeOneOf(transport.ServerPort!.Value.First, transport.ServerPort.Value.Second);
        (datagram.Buffer[0] >> 6).ShouldBe(2);
    }

    [Fact]
    public async Task A_camera_that_hangs_says_nothing_and_keeps_its_connections()
    {
        await using FarmServer farm = FarmServer.Start(Options, [SyntheticClip.Make(seed: 3, withAudio: false)]);
        await using PlainClient client = await PlainClient.ConnectAsync(farm.Url(1));
        await client.PlayAsync();
        farm.Hang(1);
        Task<RtspResponse> asked = client.AskAsync(RtspMethods.GetParameter, "");
        await using PlainClient neighbour = await PlainClient.ConnectAsync(farm.Url(2));
        await neighbour.PlayAsync();
        asked.IsCompleted.ShouldBeFalse();
        farm.Resume(1);
        (await asked).StatusCode.ShouldBe(200);
    }

    [Fact]
    public async Task Early_media_comes_before_the_answer_to_play()
    {
        await using FarmServer farm = FarmServer.Start(Options with { Oddities = RtspOddities.EarlyRtp }, [SyntheticClip.Make(seed: 3)]);
        await using PlainClient client = await PlainClient.ConnectAsync(farm.Url(1));
        await client.PlayAsync();
        client.Frames.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task The_control_channel_does_what_the_methods_do()
    {
        await using FarmServer farm = FarmServer.Start(Options with { ControlPort = 0 }, [SyntheticClip.Make(seed: 3)]);
        using HttpClient http = new() { BaseAddress = new Uri($"http://127.0.0.1:{farm.ControlPort}") };
        (await PostAsync("/cameras/2/stall?seconds=1000")).ShouldBe(200);
        farm.Status(2).Fault.ShouldBe(CameraFault.Stalled);
        farm.Status(1).Fault.ShouldBe(CameraFault.None);
        (await PostAsync("/cameras/all/resume")).ShouldBe(200);
        farm.Status(2).Fault.ShouldBe(CameraFault.None);
        (await PostAsync("/cameras/1/drift?ppm=120")).ShouldBe(200);
        farm.Status(1).DriftPpm.ShouldBe(120);
        (await PostAsync("/cameras/1/explode")).ShouldBe(400);
        (await PostAsync("/cameras/3/stall")).ShouldBe(404);
        (await PostAsync("/cameras/1/clip?index=9")).ShouldBe(409);
        (await http.GetStringAsync("/cameras")).ShouldStartWith("[{\"camera\":1,");

        async Task<int> PostAsync(string path) => (int)(await http.PostAsync(new Uri(path, UriKind.Relative), content: null)).StatusCode;
    }

    private static async Task ReceiveAsync(PlainClient client, ReceivedUnits received, int units)
    {
        int goal = received.Units.Count + units;
        while (received.Units.Count < goal)
        {
            (byte channel, byte[] data) = await client.NextFrameAsync();
            received.Take(channel, data);
        }
    }
}
