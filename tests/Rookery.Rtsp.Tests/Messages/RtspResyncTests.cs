// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Rtsp.Tests.Messages;

public sealed class RtspResyncTests
{
    [Fact]
    public void A_dollar_in_garbage_is_passed_over_and_the_next_frame_is_found()
    {
        byte[] garbage = [1, 2, (byte)'$', 0xFF, 3, (byte)'$', 0, 0, 2, 0x80, (byte)'R', (byte)'T', (byte)'x'];
        byte[] frame = [(byte)'$', 1, 0, 12, 0x80, 96, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0];

        RtspResync.Find([.. garbage, .. frame], channelsInUse: 4).ShouldBe(garbage.Length);
    }

    [Fact]
    public void A_response_after_garbage_is_found()
    {
        RtspResync.Find("RTS$$ xxRTSP/1.0 200 OK"u8, channelsInUse: 4).ShouldBe(8);
    }

    [Fact]
    public void The_beginning_of_something_at_the_end_is_kept()
    {
        RtspResync.Find([9, 9, (byte)'$', 0], channelsInUse: 4).ShouldBe(2);
        RtspResync.Find("xxRTSP"u8, channelsInUse: 4).ShouldBe(2);
        RtspResync.Find("xxxx"u8, channelsInUse: 4).ShouldBe(4);
    }
}
