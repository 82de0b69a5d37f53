// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Rookery.Server;

/// <summary>The addresses people can type to reach us.</summary>
internal static class Addresses
{
    /// <summary>An address that works on this machine.</summary>
    public static Uri ForThisMachine(IPEndPoint endPoint) => At(
        endPoint.Address.Equals(IPAddress.Any) ? IPAddress.Loopback : endPoint.Address.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback : endPoint.Address, endPoint.Port);

    /// <summary>Addresses for other machines first, then for this one.</summary>
    public static IReadOnlyList<Uri> All(IPEndPoint endPoint)
    {
        if (!endPoint.Address.Equals(IPAddress.Any) && !endPoint.Address.Equals(IPAddress.IPv6Any))
        {
            return [At(endPoint.Address, endPoint.Port)];
        }

        List<Uri> all = [];
        try
        {
            all.AddRange(NetworkInterface.GetAllNetworkInterfaces()
                .Where(network => network.OperationalStatus == OperationalStatus.Up && network.NetworkInterfaceType != NetworkInterfaceType.Loopback)
                .SelectMany(network => network.GetIPProperties().UnicastAddresses)
                .Where(address => address.Address.AddressFamily == AddressFamily.InterNetwork)
                .Select(address => At(address.Address, endPoint.Port)));
        }
        catch (NetworkInformationException)
        {
            // Then only this machine's own address is shown; the others work all the same.
        }

        all.Add(ForThisMachine(endPoint));
        return all;
    }

    private static Uri At(IPAddress address, int port) => new($"http://{new IPEndPoint(address, port)}");
}
