// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Farm.Control;

namespace Rookery.Farm.Tests.Control;

public sealed class ControlRequestTests
{
    [Theory]
    [InlineData("GET /cameras HTTP/1.1", "GET", null, "", null)]
    [InlineData("POST /cameras/7/stall?seconds=10 HTTP/1.1", "POST", 7, "stall", "10")]
    [InlineData("POST /cameras/all/drop HTTP/1.1", "POST", null, "drop", null)]
    [InlineData("GET /cameras/3", "GET", 3, "", null)]
    [InlineData("POST /cameras/2/resolution?size=640x360&x=y HTTP/1.1", "POST", 2, "resolution", "640x360")]
    public void A_request_line_says_what_to_do_to_which_camera(string line, string method, int? camera, string verb, string? value) =>
        ControlRequest.Parse(line).ShouldBe(new ControlRequest(method, camera, verb, value));

    [Theory]
    [InlineData("")]
    [InlineData("POST")]
    [InlineData("PUT /cameras HTTP/1.1")]
    [InlineData("GET / HTTP/1.1")]
    [InlineData("POST /cameras/x/stall HTTP/1.1")]
    [InlineData("POST /cameras/-1/stall HTTP/1.1")]
    public void Anything_else_is_no_request(string line) => ControlRequest.Parse(line).ShouldBeNull();

    [Theory]
    [InlineData("POST /cameras/1/stall?seconds=NaN HTTP/1.1")]
    [InlineData("POST /cameras/1/stall?seconds=1e300 HTTP/1.1")]
    [InlineData("POST /cameras/1/stall?seconds=soon HTTP/1.1")]
    public void A_span_that_is_none_is_refused(string line) => ControlRequest.Parse(line)!.TrySeconds(out _).ShouldBeFalse();
}
