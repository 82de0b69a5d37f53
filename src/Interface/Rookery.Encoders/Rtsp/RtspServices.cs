// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Encoders;

/// <summary>What all sessions of a connector share.</summary>
internal sealed record RtspServices(MediaPumps Pumps, BlockPool Pool, TimeProvider Clock, RtspConnectorOptions Options)
{
    public NameResolver Names { get; } = new(Clock, Options.ConnectTimeout);

    public MonotonicTime Now => MonotonicTime.Now(Clock);
}
