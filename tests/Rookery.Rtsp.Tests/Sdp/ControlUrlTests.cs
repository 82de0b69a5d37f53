// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Rtsp.Tests.Sdp;

public sealed class ControlUrlTests
{
    [Theory]
    [InlineData("rtsp://h/cam", "trackID=1", "rtsp://h/cam/trackID=1")]
    [InlineData("rtsp://h/cam/", "trackID=1", "rtsp://h/cam/trackID=1")]
    [InlineData("rtsp://h/cam/", "/trackID=1", "rtsp://h/cam/trackID=1")]
    [InlineData("rtsp://h/cam?channel=1&subtype=0", "trackID=0", "rtsp://h/cam?channel=1&subtype=0/trackID=0")]
    [InlineData("rtsp://h/cam", "*", "rtsp://h/cam")]
    [InlineData("rtsp://h/cam", null, "rtsp://h/cam")]
    [InlineData("rtsp://h/cam", "RTSP://other:8554/x/1", "RTSP://other:8554/x/1")]
    public void A_relative_URL_is_appended_as_cameras_expect(string baseUrl, string? control, string expected) =>
        ControlUrl.Resolve(baseUrl, control).ShouldBe(expected);

    [Theory]
    [InlineData(null, "rtsp://h:554/a/b")]
    [InlineData("rtsp://h/a/b/", "rtsp://h/a/b/")]
    [InlineData("  rtsp://h/a/b/ ", "rtsp://h/a/b/")]
    [InlineData("/c/", "rtsp://h:554/c/")]
    [InlineData("rtsp://192.0.2.1:554:554/a", "rtsp://h:554/a/b")]
    [InlineData("rtsp:///a", "rtsp://h:554/a/b")]
    [InlineData("a/b/", "rtsp://h:554/a/b")]
    [InlineData("http://h/x", "rtsp://h:554/a/b")]
    public void A_broken_Content_Base_is_ignored(string? contentBase, string expected) =>
        ControlUrl.Base("rtsp://h:554/a/b", contentBase, null).ShouldBe(expected);

    [Fact]
    public void Content_Location_stands_in_for_Content_Base() =>
        ControlUrl.Base("rtsp://h/a", null, "rtsp://h/b/").ShouldBe("rtsp://h/b/");
}
