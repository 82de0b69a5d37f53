// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Farm.Clips;
using Rookery.Media;

namespace Rookery.Farm.Packing;

/// <summary>An access unit before it is packed.</summary>
/// <param name="DecodeTime">In units of the source's timescale.</param>
/// <param name="CompositionOffset">Presentation time minus decode time.</param>
/// <param name="IsRandomAccess">Decoding can start here.</param>
/// <param name="Data">In the form MP4 stores it.</param>
public readonly record struct SourceUnit(long DecodeTime, int CompositionOffset, bool IsRandomAccess, ReadOnlyMemory<byte> Data);

/// <summary>Makes the tracks of a clip from access units.</summary>
public static class ClipPacker
{
    /// <param name="format">With the RTP clock rate as its timescale.</param>
    /// <param name="timescale">Of the units' times.</param>
    /// <param name="units">In decode order.</param>
    /// <param name="loopTicks">See <see cref="Clip.LoopTicks"/>. Units that end after it are left out, so that rounds do not overlap.</param>
    /// <returns><c>null</c> when no unit fits.</returns>
    public static ClipTrack? Pack(TrackFormat format, long timescale, IReadOnlyList<SourceUnit> units, long loopTicks)
    {
        UnitPacker packer = UnitPacker.Create(format);
        WireBuilder wire = new(packer.PayloadType);
        List<ClipUnit> packed = new(units.Count);
        long first = units.Count == 0 ? 0 : units[0].DecodeTime;
        // Pictures that are shown later than they are decoded: a camera has captured a picture before it sends it, so the time line of presentation is moved to before that of sending.
        int latest = units.Count == 0 ? 0 : units.Max(unit => unit.CompositionOffset);
        long loopEnd = (long)((Int128)loopTicks * format.Timescale / Clip.LoopTimescale);
        foreach (SourceUnit unit in units)
        {
            long decode = Scale(unit.DecodeTime - first, timescale, format.Timescale);
            if (decode >= loopEnd || (format.Kind == TrackKind.Audio && packed.Count > 0 && decode + Step(packed, decode) > loopEnd))
            {
                break;
            }

            long presentation = Scale(unit.DecodeTime - first + unit.CompositionOffset - latest, timescale, format.Timescale);
            ReadOnlySpan<byte> data = unit.Data.Span;
            packed.Add(new ClipUnit(decode, presentation, unit.IsRandomAccess, data.Length, ClipUnit.HashOf(data), wire.PacketCount));
            packer.Pack(data, unit.IsRandomAccess && format.Kind == TrackKind.Video, wire);
        }

        if (packed.Count == 0)
        {
            return null;
        }

        (byte[] bytes, int[] offsets) = wire.Build();
        return new ClipTrack(format, packer.PayloadType, packer.RtpMap, packer.Parameters, bytes, offsets, [.. packed]);
    }

    /// <summary>Audio units are equally long: the one before tells how long this one is.</summary>
    private static long Step(List<ClipUnit> packed, long decode) => decode - packed[^1].DecodeTicks;

    private static long Scale(long time, long from, long to) => (long)((((Int128)time * to * 2) + from) / (2 * (Int128)from));
}
