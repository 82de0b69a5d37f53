// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Rookery.Http;

/// <summary>Video is large, and whoever gets it may pause: such an answer may stand still for ten minutes before the connection is given up.</summary>
internal static class SlowReaders
{
    private static readonly MinDataRate Patient = new(bytesPerSecond: 1, gracePeriod: TimeSpan.FromMinutes(10));

    public static void AllowSlowReader(this HttpContext context)
    {
        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } feature)
        {
            feature.MinDataRate = Patient;
        }
    }
}
