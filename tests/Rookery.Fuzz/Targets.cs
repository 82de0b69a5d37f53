// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Fuzz;

/// <summary>All targets. Add yours here; its class goes to the folder Targets.</summary>
public static class Targets
{
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        .. RtpPayloadTarget.All,
        new RtpReorderTarget(),
        new RtcpTarget(),
        new ParameterSetTarget(),
        new TrackFormatTarget(),
        new RtspMessageTarget(),
        new SdpTarget(),
        new Mp4ReaderTarget(),
        new HlsAddressTarget(),
        new StorageStructureTarget(),
    ];
}
