// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Farm;

/// <summary>An access unit that a camera gave to the network.</summary>
/// <param name="Session">Counts the sessions of the farm; a client that connects again has another.</param>
/// <param name="Track">Its place in the session description: 0 is the video.</param>
/// <param name="RtpTimestamp">As it went over the wire.</param>
/// <param name="SizeBytes">Bytes in the form MP4 stores it.</param>
/// <param name="Hash">See <see cref="Clips.ClipUnit.HashOf"/>.</param>
/// <param name="IsRandomAccess">Decoding can start here.</param>
/// <param name="Sent">When it was handed to the socket, or rather just before: a delay that is counted from here is never too short.</param>
public readonly record struct SentUnit(
    int Session, byte Track, uint RtpTimestamp, int SizeBytes, ulong Hash, bool IsRandomAccess, MonotonicTime Sent);

/// <summary>
/// What a camera sent, in order, for tests that compare every access unit. A unit is logged when it is handed to the socket: of a connection that breaks, the last ones may not have arrived.
/// </summary>
/// <param name="capacity">Units kept; the oldest are forgotten first.</param>
public sealed class SentLog(int capacity)
{
    private readonly Queue<SentUnit> _units = new();
    private readonly Lock _gate = new();

    /// <summary>A copy of what is kept, oldest first. Safe for any thread.</summary>
    public IReadOnlyList<SentUnit> Snapshot()
    {
        lock (_gate)
        {
            return [.. _units];
        }
    }

    internal void Add(in SentUnit unit)
    {
        lock (_gate)
        {
            if (_units.Count == capacity)
            {
                _units.Dequeue();
            }

            _units.Enqueue(unit);
        }
    }
}
