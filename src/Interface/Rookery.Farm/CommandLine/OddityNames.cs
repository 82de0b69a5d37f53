// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Rtsp.Server;

namespace Rookery.Farm.CommandLine;

/// <summary>How oddities are called on a command line.</summary>
internal static class OddityNames
{
    private static readonly Dictionary<string, RtspOddities> ByName = new()
    {
        ["no-transport"] = RtspOddities.NoTransport,
        ["early-rtp"] = RtspOddities.EarlyRtp,
        ["bad-content-base"] = RtspOddities.BadContentBase,
        ["no-content-base"] = RtspOddities.NoContentBase,
        ["other-channels"] = RtspOddities.OtherChannels,
        ["no-cseq"] = RtspOddities.NoCSeq,
        ["no-sender-reports"] = RtspOddities.NoSenderReports,
        ["no-rtp-info"] = RtspOddities.NoRtpInfo,
        ["no-options"] = RtspOddities.NoOptions,
    };

    public static IReadOnlyCollection<string> All => ByName.Keys;

    /// <param name="names">Each one of <see cref="All"/>.</param>
    public static RtspOddities Parse(IEnumerable<string> names) => names.Aggregate(RtspOddities.None, (all, name) => all | ByName[name]);
}
