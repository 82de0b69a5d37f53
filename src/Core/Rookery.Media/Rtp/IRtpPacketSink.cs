// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Media.Rtp;

/// <summary>Takes received packets in order.</summary>
public interface IRtpPacketSink
{
    /// <param name="packet">Valid during the call.</param>
    /// <param name="lossBefore">Packets between the one before and this one did not come.</param>
    void OnPacket(in RtpPacket packet, bool lossBefore);
}
