// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Net;
using System.Net.Sockets;
using Rookery.Rtsp;

namespace Rookery.Encoders.Tests.Rtsp;

public sealed class DatagramPortsTests
{
    [Fact]
    public void What_the_kernel_dropped_because_nobody_read_is_counted_once()
    {
        using DatagramPorts ports = new();
        using Socket camera = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        camera.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        ports.SetPeer(IPAddress.Loopback);
        ports.TryOpen(0, out NumberPair pair).ShouldBeTrue();
        ports.Connect(0, new NumberPair(((IPEndPoint)camera.LocalEndPoint!).Port, 1));
        ports.NewDrops().ShouldBe(0u);

        byte[] datagram = new byte[1400];
        int datagrams = (2 * ports.ReceiveBufferBytes / datagram.Length) + 1;
        for (int i = 0; i < datagrams; i++)
        {
            camera.SendTo(datagram, new IPEndPoint(IPAddress.Loopback, pair.First));
        }

        ports.NewDrops().ShouldBeInRange(1u, (uint)datagrams);
        ports.NewDrops().ShouldBe(0u);
    }
}
