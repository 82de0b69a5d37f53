// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Rtsp.Tests.Auth;

public sealed class RtspAuthTests
{
    private static readonly RtspCredentials Credentials = new("admin", "s3cr\u00e9t:\"x");

    /// <summary>The worked examples of RFC 7616 §3.9.1 and RFC 2617 §3.5.</summary>
    [Theory]
    [InlineData("MD5", "http-auth@example.org", "Circle of Life", "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", "8ca523f5e9506fed4657c9700eebdbec")]
    [InlineData("SHA-256", "http-auth@example.org", "Circle of Life", "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1")]
    [InlineData(null, "testrealm@host.com", "Circle Of Life", "dcd98b7102dd2f0e8b11d0f600bfb0c093", "0a4f113b", "6629fae49393a05397450978507c4ef1")]
    public void Digest_gives_the_sums_of_the_standards(string? algorithm, string realm, string password, string nonce, string cnonce, string expected)
    {
        RtspClientAuth auth = new(new RtspCredentials("Mufasa", password), () => cnonce);
        string name = algorithm is null ? "" : $", algorithm={algorithm}";

        auth.Challenge(Unauthorized($"Digest realm=\"{realm}\", qop=\"auth, auth-int\", nonce=\"{nonce}\"{name}, opaque=\"5ccc\""), attempt: 0).ShouldBe(ChallengeOutcome.Retry);

        string header = auth.Authorize("GET", "/dir/index.html").ShouldNotBeNull();
        header.ShouldContain($"response=\"{expected}\"");
        header.ShouldContain("opaque=\"5ccc\"");
        header.ShouldContain("nc=00000001");
    }

    [Theory]
    [InlineData("MD5", true)]
    [InlineData("MD5", false)]
    [InlineData("SHA-256", true)]
    [InlineData("SHA-256", false)]
    [InlineData("MD5-sess", true)]
    [InlineData(null, true)]
    public void Client_and_server_agree(string? algorithm, bool qop)
    {
        RtspServerAuth server = new(Credentials, "cam \"1\"".Replace("\"", ""), "nonce1", algorithm is null ? null : DigestAlgorithm.Find(algorithm), qop);
        RtspClientAuth client = new(Credentials, () => "c0ffee");
        client.Authorize("DESCRIBE", "rtsp://h/1").ShouldBeNull();
        client.Challenge(Unauthorized(server.Challenge()), attempt: 0).ShouldBe(ChallengeOutcome.Retry);

        server.Accepts(Request(client, "DESCRIBE", "rtsp://h/1")).ShouldBeTrue();
        server.Accepts(Request(client, "SETUP", "rtsp://h/1/t")).ShouldBeTrue();

        RtspClientAuth wrong = new(new RtspCredentials("admin", "guess"), () => "c0ffee");
        wrong.Challenge(Unauthorized(server.Challenge()), attempt: 0);
        server.Accepts(Request(wrong, "DESCRIBE", "rtsp://h/1")).ShouldBeFalse();
        server.Accepts(new RtspRequest("DESCRIBE", "rtsp://h/1")).ShouldBeFalse();
    }

    [Fact]
    public void The_strongest_scheme_is_taken_whatever_the_order()
    {
        RtspResponse response = Unauthorized("Basic realm=\"a\", Digest realm=\"a\", nonce=\"1\", algorithm=MD5");
        response.Headers.Add("WWW-Authenticate", "Digest realm=\"a, b\", nonce=\"2\", algorithm=SHA-256");
        response.Headers.Add("WWW-Authenticate", "Digest realm=\"a\", nonce=\"3\", algorithm=SHA-512-256");
        RtspClientAuth auth = new(Credentials, () => "c");

        auth.Challenge(response, attempt: 0).ShouldBe(ChallengeOutcome.Retry);

        auth.Authorize("DESCRIBE", "u").ShouldNotBeNull().ShouldContain("nonce=\"2\"");
        auth.Authorize("DESCRIBE", "u").ShouldNotBeNull().ShouldContain("realm=\"a, b\"");
    }

    [Fact]
    public void A_second_refusal_of_one_request_means_wrong_credentials_unless_the_nonce_is_stale()
    {
        RtspClientAuth auth = new(Credentials, () => "c");

        auth.Challenge(Unauthorized("Digest realm=\"a\", nonce=\"1\""), attempt: 0).ShouldBe(ChallengeOutcome.Retry);
        auth.Challenge(Unauthorized("Digest realm=\"a\", nonce=\"2\", stale=TRUE"), attempt: 1).ShouldBe(ChallengeOutcome.Retry);
        auth.Challenge(Unauthorized("Digest realm=\"a\", nonce=\"3\""), attempt: 1).ShouldBe(ChallengeOutcome.Rejected);
        auth.Challenge(Unauthorized("Digest realm=\"a\", nonce=\"4\", stale=true"), attempt: 3).ShouldBe(ChallengeOutcome.Rejected);
    }

    [Theory]
    [InlineData("Negotiate")]
    [InlineData("Digest realm=\"a\"")]
    [InlineData("Digest realm=\"a\", nonce=\"1\", qop=\"auth-int\"")]
    [InlineData(",,= ,\"")]
    public void A_scheme_that_is_not_known_is_said_to_be_so(string challenge)
    {
        new RtspClientAuth(Credentials, () => "c").Challenge(Unauthorized(challenge), attempt: 0).ShouldBe(ChallengeOutcome.Unsupported);
    }

    [Fact]
    public void Without_credentials_nothing_is_tried()
    {
        RtspClientAuth auth = new(null, () => "c");

        auth.Challenge(Unauthorized("Basic realm=\"a\""), attempt: 0).ShouldBe(ChallengeOutcome.NoCredentials);
        auth.Authorize("DESCRIBE", "u").ShouldBeNull();
    }

    [Fact]
    public void Credentials_do_not_show_in_text() => Credentials.ToString().ShouldNotContain("s3cr");

    private static RtspResponse Unauthorized(string challenge) => new(401) { Headers = new() { { "WWW-Authenticate", challenge } } };

    private static RtspRequest Request(RtspClientAuth auth, string method, string uri) =>
        new(method, uri) { Headers = new() { { "Authorization", auth.Authorize(method, uri)! } } };
}
