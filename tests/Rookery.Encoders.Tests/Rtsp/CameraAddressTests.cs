// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Encoders.Tests.Rtsp;

public sealed class CameraAddressTests
{
    [Theory]
    [InlineData("rtsp://192.0.2.1/live", "rtsp://192.0.2.1/live", "192.0.2.1", 554, false)]
    [InlineData("rtsp://u:p%40@cam:8554/a%20b?x=1&y=2", "rtsp://cam:8554/a%20b?x=1&y=2", "cam", 8554, false)]
    [InlineData("rtsps://cam/live#insecure", "rtsps://cam/live", "cam", 322, true)]
    [InlineData("rtsp://[2001:db8::1]:554/Live", "rtsp://[2001:db8::1]:554/Live", "2001:db8::1", 554, false)]
    public void An_address_is_taken_apart_and_asked_for_letter_by_letter(string url, string request, string host, int port, bool insecure)
    {
        CameraAddress address = CameraAddress.Parse(new Uri(url));

        address.RequestUrl.ShouldBe(request);
        address.Host.ShouldBe(host);
        address.Port.ShouldBe(port);
        address.AcceptsAnyCertificate.ShouldBe(insecure);
    }
}
