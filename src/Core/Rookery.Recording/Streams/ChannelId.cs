// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Globalization;
using Rookery.Storage;

namespace Rookery.Recording;

/// <summary>A channel (a "camera" on screen): a number that is never used again, 1 to 2^40 - 1.</summary>
public readonly record struct ChannelId(ulong Value)
{
    /// <summary>All streams it has and ever may have: every coding and every track.</summary>
    public StreamRange Streams => new(new StreamId(Value << 24), new StreamId((Value + 1) << 24));

    /// <summary>Whose <see cref="Streams"/> they are.</summary>
    public static ChannelId Of(StreamRange streams) => new(streams.First.Value >> 24);

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Which coding of a channel's picture.</summary>
public enum StreamRole : byte
{
    Main = 0,
    Sub = 1,
}

/// <summary>One track of one coding of one channel: what the store calls a stream.</summary>
/// <param name="Channel">The channel.</param>
/// <param name="Role">Which coding.</param>
/// <param name="Track">0 to 255: its place in the camera's description; 0 is the video.</param>
public readonly record struct TrackKey(ChannelId Channel, StreamRole Role, byte Track)
{
    /// <summary>Channel in the upper 40 bits, then 8 bits zero, 8 bits of role, 8 bits of track: the tracks of a stream lie side by side in a frame.</summary>
    public StreamId ToStreamId() => new((Channel.Value << 24) | ((ulong)Role << 8) | Track);

    public static TrackKey From(StreamId id) => new(new ChannelId(id.Value >> 24), (StreamRole)(byte)(id.Value >> 8), (byte)id.Value);
}
