// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Net;
using System.Net.Sockets;
using Rookery.Encoders.Tests.Fakes;
using Rookery.Foundation;
using Rookery.Media;
using Rookery.Recording;
using Rookery.Rtsp;
using Rookery.Storage;

namespace Rookery.Encoders.Tests.Rtsp;

public sealed class RtspCameraConnectorTests : IDisposable
{
    private const string Password = "s3cret-of-the-camera";

    private readonly BlockPool _pool = new(16 << 20);
    private readonly RtspCameraConnector _connector;

    public RtspCameraConnectorTests() => _connector = new RtspCameraConnector(_pool, TimeProvider.System);

    public void Dispose() => _connector.Dispose();

    [Fact]
    public async Task Pictures_of_a_camera_reach_the_recorder_and_the_session_is_torn_down()
    {
        await using LoopbackCamera camera = new();
        CollectingSink sink = new();

        ICameraSession session = _connector.Connect(Source(camera.Url), sink);
        await sink.Units;
        session.Dispose();
        SessionEnd end = await sink.Ended;

        sink.Tracks.ShouldNotBeNull().ShouldHaveSingleItem().Codec.ShouldBe(Codec.H264);
        sink.Format.ShouldNotBeNull().Width.ShouldBe(1920);
        end.Cause.ShouldBe(GapCause.RecorderStopped);
        await camera.TornDown.WaitAsync(TimeSpan.FromSeconds(30));
        _pool.RentedBytes.ShouldBe(0);
    }

    [Fact]
    public async Task Many_cameras_are_read_by_one_thread()
    {
        await using LoopbackCamera camera = new();
        CollectingSink[] sinks = [.. Enumerable.Range(0, 30).Select(_ => new CollectingSink(wantedUnits: 20))];

        ICameraSession[] sessions = [.. sinks.Select(sink => _connector.Connect(Source(camera.Url), sink))];
        sessions[3].LowLatency = true;
        await Task.WhenAll(sinks.Select(sink => sink.Units));

        Array.ForEach(sessions, session => session.Dispose());
        (await Task.WhenAll(sinks.Select(sink => sink.Ended))).ShouldAllBe(end => end.Cause == GapCause.RecorderStopped);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_camera_that_refuses_TCP_is_recorded_over_UDP(bool tellsPorts)
    {
        await using LoopbackCamera camera = new() { RefusesTcp = true, TellsPorts = tellsPorts };
        CollectingSink sink = new();

        using ICameraSession session = _connector.Connect(Source(camera.Url), sink);

        await sink.Units;
    }

    [Fact]
    public async Task A_redirect_is_followed_to_the_other_camera()
    {
        await using LoopbackCamera there = new();
        await using LoopbackCamera here = new() { RedirectsTo = there.Url.Replace("127.0.0.1", "localhost") };
        CollectingSink sink = new();

        using ICameraSession session = _connector.Connect(Source(here.Url), sink);

        await sink.Units;
    }

    [Fact]
    public async Task Redirects_in_a_circle_end()
    {
        await using LoopbackCamera there = new() { RedirectsTo = "rtsp://127.0.0.1:1/" };
        CollectingSink sink = new();

        using ICameraSession session = _connector.Connect(Source(there.Url), sink);

        (await sink.Ended).Message.ShouldContain("refuses connections at port 1");
    }

    [Fact]
    public async Task A_certificate_that_nobody_vouches_for_is_refused_unless_the_address_says_otherwise()
    {
        await using LoopbackCamera camera = new(tls: true);
        CollectingSink refused = new();
        CollectingSink accepted = new();

        using ICameraSession first = _connector.Connect(Source(camera.Url), refused);
        SessionEnd end = await refused.Ended;
        ICameraSession second = _connector.Connect(Source(camera.Url + "#insecure"), accepted);
        await accepted.Units;
        second.Dispose();
        await accepted.Ended;

        end.Message.ShouldContain("certificate is not trusted");
        end.IsPermanent.ShouldBeTrue();
    }

    [Fact]
    public async Task A_camera_that_closes_is_told_as_offline()
    {
        await using LoopbackCamera camera = new() { PicturesUntilClose = 12 };
        CollectingSink sink = new();

        using ICameraSession session = _connector.Connect(Source(camera.Url), sink);
        SessionEnd end = await sink.Ended;

        end.Cause.ShouldBe(GapCause.CameraOffline);
        end.IsPermanent.ShouldBeFalse();
        sink.Count.ShouldBe(12);
    }

    /// <summary>Goal: all memory comes back on the roughest way to end. Method: over UDP with packets missing, some always wait for those before them.</summary>
    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(false, true)]
    public async Task Disposing_the_connector_ends_every_session(bool udp, bool tls)
    {
        await using LoopbackCamera camera = new(tls) { RefusesTcp = udp, LosesEverySecond = udp };
        CollectingSink sink = new();
        _connector.Connect(Source(camera.Url + (tls ? "#insecure" : "")), sink);
        await sink.Units;

        _connector.Dispose();

        (await sink.Ended).Cause.ShouldBe(GapCause.RecorderStopped);
        _pool.RentedBytes.ShouldBe(0);
        CollectingSink late = new();
        _connector.Connect(Source(camera.Url), late);
        (await late.Ended).Cause.ShouldBe(GapCause.RecorderStopped);
    }

    [Fact]
    public async Task A_clock_set_back_by_an_hour_begins_the_session_anew()
    {
        ClockThatCanBeSet clock = new();
        using RtspCameraConnector connector = new(_pool, clock);
        await using LoopbackCamera camera = new();
        CollectingSink sink = new();
        connector.Connect(Source(camera.Url), sink);
        await sink.Units;

        clock.SetBack(TimeSpan.FromHours(1));

        SessionEnd end = await sink.Ended;
        end.Message.ShouldContain("was set back");
        end.IsPermanent.ShouldBeFalse();
    }

    [Fact]
    public async Task A_test_of_a_good_camera_shows_its_tracks()
    {
        await using LoopbackCamera camera = new() { Auth = Guard() };

        CameraDiagnosis diagnosis = await _connector.DiagnoseAsync(Source(camera.Url, "admin", Password), CancellationToken.None);

        diagnosis.Ok.ShouldBeTrue(diagnosis.Message);
        diagnosis.Step.ShouldBe(DiagnosisStep.Media);
        diagnosis.Tracks.ShouldHaveSingleItem().Height.ShouldBe(1080);
    }

    [Fact]
    public async Task A_test_names_the_step_that_fails_and_never_the_password()
    {
        await using LoopbackCamera camera = new() { Auth = Guard() };
        using TcpListener web = new(IPAddress.Loopback, 0);
        web.Start();
        int closedPort = FreePort();
        Task serving = ServeHttpOnceAsync(web);

        (string Url, string? User, string? Password, DiagnosisStep Step, string Word)[] cases =
        [
            (camera.Url, null, null, DiagnosisStep.Authorize, "asks for a user name"),
            (camera.Url, "admin", "not" + Password, DiagnosisStep.Authorize, "refuses the user name"),
            ($"rtsp://127.0.0.1:{closedPort}/x", "admin", Password, DiagnosisStep.Connect, "refuses connections"),
            ($"rtsp://127.0.0.1:{((IPEndPoint)web.LocalEndpoint).Port}/x", "admin", Password, DiagnosisStep.Rtsp, "HTTP"),
            ("rtsp://camera.invalid/x", "admin", Password, DiagnosisStep.Address, "cannot be resolved"),
            (camera.Url.Replace("rtsp:", "rtsps:"), "admin", Password, DiagnosisStep.Connect, "TLS"),
        ];
        foreach ((string url, string? user, string? password, DiagnosisStep step, string word) in cases)
        {
            CameraDiagnosis diagnosis = await _connector.DiagnoseAsync(Source(url, user, password), CancellationToken.None);

            diagnosis.Ok.ShouldBeFalse(url);
            diagnosis.Step.ShouldBe(step, url);
            diagnosis.Message.ShouldContain(word);
            diagnosis.Advice.ShouldNotBeEmpty(url);
            $"{diagnosis}".ShouldNotContain(Password);
        }

        await serving;
    }

    private static RtspServerAuth Guard() => new(new RtspCredentials("admin", Password), "camera", "nonce-1", DigestAlgorithm.Sha256);

    private static CameraSource Source(string url, string? user = null, string? password = null) => new(new Uri(url), user, password, MediaTransport.Auto);

    private static int FreePort()
    {
        using TcpListener probe = new(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private static async Task ServeHttpOnceAsync(TcpListener listener)
    {
        using TcpClient client = await listener.AcceptTcpClientAsync();
        using System.IO.StreamReader request = new(client.GetStream());
        while ((await request.ReadLineAsync()) is { Length: > 0 })
        {
        }

        await client.GetStream().WriteAsync("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"u8.ToArray());
        await request.ReadToEndAsync();
    }
}
