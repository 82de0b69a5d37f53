// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Encoders;

/// <summary>How soon a connection wants to be looked at again.</summary>
internal enum PumpPace : byte
{
    /// <summary>It is over: never again.</summary>
    Done,

    /// <summary>5 ms: a handshake, where each answer lets the next request go.</summary>
    Handshake,

    /// <summary>10 ms: somebody watches live.</summary>
    Live,

    /// <summary>20 ms: the last read brought much, or datagrams, for which the kernel's buffers are small.</summary>
    Busy,

    /// <summary>100 ms: recording. Ten wake-ups a second, each shared with the other cameras of the same phase.</summary>
    Gather,
}

/// <summary>Something a <see cref="MediaPump"/> looks after. Called on the pump's thread only.</summary>
internal interface IPumped
{
    /// <summary>Reads what is there, without waiting, and sends what is to be sent.</summary>
    /// <param name="buffer">Shared by all on this pump; valid during the call.</param>
    /// <param name="now">The present.</param>
    PumpPace Pump(Span<byte> buffer, MonotonicTime now);

    /// <summary>The pump stops, or <see cref="Pump"/> threw: release everything. No more calls follow.</summary>
    void Abandon(Exception? fault);
}
