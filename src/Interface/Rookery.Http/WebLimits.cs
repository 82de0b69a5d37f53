// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Rookery.Http;

/// <summary>Limits of the web server, each with its reason. A request that is above one is refused, and costs recording nothing.</summary>
internal static class WebLimits
{
    /// <summary>Connections at one time: 500 viewers of 8 connections each.</summary>
    public const int MaximumConnections = 4096;

    /// <summary>WebSockets at one time: live pictures, 64 walls of 16.</summary>
    public const int MaximumWebSockets = 1024;

    /// <summary>Bytes of a request's body: settings are small; nothing is uploaded.</summary>
    public const int MaximumBodyBytes = 256 << 10;

    /// <summary>What callers have time for to finish when the recorder stops; recording goes on meanwhile.</summary>
    public static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(3);

    public static void Apply(KestrelServerOptions kestrel, IPEndPoint listen)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxConcurrentConnections = MaximumConnections;
        kestrel.Limits.MaxConcurrentUpgradedConnections = MaximumWebSockets;
        kestrel.Limits.MaxRequestBodySize = MaximumBodyBytes;
        // A browser's cookie and headers take 2 KiB; 16 KiB is generous.
        kestrel.Limits.MaxRequestHeadersTotalSize = 16 << 10;
        kestrel.Limits.MaxRequestLineSize = 4 << 10;
        // A caller that does not finish its headers holds a connection for no longer than this.
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        kestrel.Limits.KeepAliveTimeout = TimeSpan.FromMinutes(2);
        kestrel.Listen(listen, endpoint => endpoint.Protocols = HttpProtocols.Http1);
    }
}
