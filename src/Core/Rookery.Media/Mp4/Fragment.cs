// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Media.Mp4;

/// <summary>A sample of a fragment.</summary>
/// <param name="Duration">In units of the track's timescale.</param>
/// <param name="SizeBytes">Bytes in the media data.</param>
/// <param name="CompositionOffset">Presentation time minus decode time.</param>
/// <param name="IsSync">Decoding can start here.</param>
public readonly record struct FragmentSample(uint Duration, int SizeBytes, int CompositionOffset, bool IsSync);

/// <summary>What a fragment holds of one track. Its bytes lie in the media data in the order of the runs.</summary>
/// <param name="TrackId">See <see cref="Mp4Track.Id"/>.</param>
/// <param name="DecodeTime">Of the first sample, not negative, in units of the track's timescale.</param>
/// <param name="Description">Sample entry, 1 for the first.</param>
/// <param name="Samples">At least one.</param>
public readonly record struct FragmentRun(uint TrackId, long DecodeTime, uint Description, ReadOnlyMemory<FragmentSample> Samples);

/// <summary>
/// Writes media fragments (ISO/IEC 14496-12 §8.8): the bytes from <c>moof</c> to the head of <c>mdat</c>; the caller sends the samples behind them, untouched.
/// </summary>
public static class Fragment
{
    /// <summary>Sample flags (§8.8.3.1): depends on no other sample; depends on others and is no sync sample.</summary>
    private const uint SyncSample = 0x0200_0000;
    private const uint OtherSample = 0x0101_0000;

    /// <summary>Runs in one fragment at most: far more than a camera has tracks, and little enough for the stack.</summary>
    private const int MaximumRuns = 64;

    private const uint DefaultBaseIsMoof = 0x02_0000;
    private const uint HasDescription = 0x02;
    private const uint RunFlags = 0x0001 | 0x0100 | 0x0200 | 0x0400; // data offset, duration, size, flags
    private const uint RunHasCompositionOffsets = 0x0800;

    /// <summary>Appends <c>moof</c> and the head of <c>mdat</c>. Allocates nothing but what <paramref name="writer"/> needs to grow.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="sequence">Number of the fragment, 1 and up, for players that check the order.</param>
    /// <param name="runs">One for each track.</param>
    /// <returns>Bytes of media data that have to follow.</returns>
    public static long WriteHead(BoxWriter writer, uint sequence, ReadOnlySpan<FragmentRun> runs)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(runs.Length, MaximumRuns, nameof(runs));
        int moof = writer.Begin("moof"u8);
        int mfhd = writer.Begin("mfhd"u8, 0, 0);
        writer.U32(sequence);
        writer.End(mfhd);

        Span<int> dataOffsets = stackalloc int[MaximumRuns];
        for (int i = 0; i < runs.Length; i++)
        {
            dataOffsets[i] = TrackFragment(writer, runs[i]);
        }

        writer.End(moof);
        long payload = 0;
        foreach (FragmentRun run in runs)
        {
            payload += SizeOf(run.Samples.Span);
        }

        ArgumentOutOfRangeException.ThrowIfGreaterThan(payload, int.MaxValue - (1 << 20), nameof(runs));
        writer.MediaDataHeader(payload);
        int offset = writer.Length - moof;
        for (int i = 0; i < runs.Length; i++)
        {
            writer.PatchU32(dataOffsets[i], (uint)offset);
            offset += (int)SizeOf(runs[i].Samples.Span);
        }

        return payload;
    }

    /// <summary>Appends the <c>styp</c> (§8.16.2) that opens a segment which is a file of its own.</summary>
    public static void WriteSegmentType(BoxWriter writer)
    {
        int styp = writer.Begin("styp"u8);
        writer.Bytes("msdh"u8);
        writer.U32(0);
        writer.Bytes("msdhmsixcmfs"u8);
        writer.End(styp);
    }

    /// <summary>Appends a <c>sidx</c> (§8.16.3) with one reference: the fragment that follows it directly.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="trackId">The track whose time is told.</param>
    /// <param name="timescale">Of that track.</param>
    /// <param name="earliestPresentationTime">Of the fragment.</param>
    /// <param name="duration">Of the fragment, in the same units.</param>
    /// <param name="fragmentBytes">From the first byte of <c>moof</c> to the last of <c>mdat</c>.</param>
    /// <param name="startsWithSync">The fragment begins at a random access point.</param>
    public static void WriteSegmentIndex(
        BoxWriter writer, uint trackId, uint timescale, long earliestPresentationTime, uint duration, int fragmentBytes, bool startsWithSync)
    {
        int sidx = writer.Begin("sidx"u8, 1, 0);
        writer.U32(trackId);
        writer.U32(timescale);
        writer.U64((ulong)earliestPresentationTime);
        writer.U64(0); // first_offset
        writer.U16(0);
        writer.U16(1);
        writer.U32((uint)fragmentBytes & 0x7FFF_FFFF);
        writer.U32(duration);
        writer.U32(startsWithSync ? 0x9000_0000 : 0); // starts_with_SAP, SAP_type 1
        writer.End(sidx);
    }

    /// <summary>Returns where the data offset stands that is known only when <c>moof</c> is complete.</summary>
    private static int TrackFragment(BoxWriter writer, in FragmentRun run)
    {
        ReadOnlySpan<FragmentSample> samples = run.Samples.Span;
        bool hasOffsets = false;
        foreach (FragmentSample sample in samples)
        {
            hasOffsets |= sample.CompositionOffset != 0;
        }

        int traf = writer.Begin("traf"u8);
        int tfhd = writer.Begin("tfhd"u8, 0, DefaultBaseIsMoof | HasDescription);
        writer.U32(run.TrackId);
        writer.U32(run.Description);
        writer.End(tfhd);

        int tfdt = writer.Begin("tfdt"u8, 1, 0);
        writer.U64((ulong)run.DecodeTime);
        writer.End(tfdt);

        int trun = writer.Begin("trun"u8, 1, hasOffsets ? RunFlags | RunHasCompositionOffsets : RunFlags);
        writer.U32((uint)samples.Length);
        int dataOffset = writer.Length;
        writer.U32(0);
        foreach (FragmentSample sample in samples)
        {
            writer.U32(sample.Duration);
            writer.U32((uint)sample.SizeBytes);
            writer.U32(sample.IsSync ? SyncSample : OtherSample);
            if (hasOffsets)
            {
                writer.I32(sample.CompositionOffset);
            }
        }

        writer.End(trun);
        writer.End(traf);
        return dataOffset;
    }

    private static long SizeOf(ReadOnlySpan<FragmentSample> samples)
    {
        long size = 0;
        foreach (FragmentSample sample in samples)
        {
            size += sample.SizeBytes;
        }

        return size;
    }
}
