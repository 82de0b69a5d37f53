// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Media.Bitstream;

namespace Rookery.Media.Rtp;

/// <summary>
/// The H.264 parameter sets of a stream by their ids, and the format that the activated ones make. Sets may come before, between and
/// instead of those of the session description; nothing is activated before a random access point refers to it.
/// </summary>
internal sealed class H264ParameterSets
{
    private readonly SortedList<int, byte[]> _sequenceSets = [];
    private readonly SortedList<int, PictureSet> _pictureSets = [];

    /// <summary>A set that differs from those of the active format came since that was made.</summary>
    private bool _hasChanged = true;
    private int _activeSequenceSet = -1;

    private readonly record struct PictureSet(int SequenceSetId, byte[] Bytes);

    /// <summary>Every coded picture of the active sequence is a frame.</summary>
    public bool FrameMbsOnly { get; private set; }

    /// <param name="nal">A NAL unit of type 7 or 8, without trailing zeros.</param>
    /// <param name="isCovered">The active format says the same.</param>
    /// <returns><c>false</c> when it cannot be read: it is as if it had not come.</returns>
    public bool TryTake(ReadOnlySpan<byte> nal, out bool isCovered)
    {
        isCovered = false;
        return (nal[0] & 0x1F) == 7 ? TakeSequenceSet(nal, ref isCovered) : TakePictureSet(nal, ref isCovered);
    }

    /// <summary>Makes the format that a slice with this picture parameter set needs.</summary>
    /// <returns><c>null</c> when the active format still holds, or sets are missing.</returns>
    public TrackFormat? Activate(int pictureSetId)
    {
        if (!_pictureSets.TryGetValue(pictureSetId, out PictureSet picture)
            || !_sequenceSets.TryGetValue(picture.SequenceSetId, out byte[]? sequence)
            || (!_hasChanged && picture.SequenceSetId == _activeSequenceSet))
        {
            return null;
        }

        List<byte[]> pictures = [];
        foreach (PictureSet other in _pictureSets.Values)
        {
            if (other.SequenceSetId == picture.SequenceSetId)
            {
                pictures.Add(other.Bytes);
            }
        }

        TrackFormat? format = TrackFormat.FromH264(sequence, pictures);
        if (format is not null)
        {
            _hasChanged = false;
            _activeSequenceSet = picture.SequenceSetId;
            FrameMbsOnly = H264Sps.TryParse(sequence, out H264Sps? parsed) && parsed!.FrameMbsOnly;
        }

        return format;
    }

    private bool TakeSequenceSet(ReadOnlySpan<byte> nal, ref bool isCovered)
    {
        // Ordinary repetitions are recognised by their bytes; only a new set is parsed. By index: the list's enumerator would be allocated.
        for (int i = 0; i < _sequenceSets.Count; i++)
        {
            if (nal.SequenceEqual(_sequenceSets.GetValueAtIndex(i)))
            {
                isCovered = !_hasChanged && _sequenceSets.GetKeyAtIndex(i) == _activeSequenceSet;
                return true;
            }
        }

        if (!H264Sps.TryParse(nal, out H264Sps? parsed))
        {
            return false;
        }

        _sequenceSets[parsed!.Id] = nal.ToArray();
        _hasChanged = true;
        return true;
    }

    private bool TakePictureSet(ReadOnlySpan<byte> nal, ref bool isCovered)
    {
        for (int i = 0; i < _pictureSets.Count; i++)
        {
            PictureSet known = _pictureSets.GetValueAtIndex(i);
            if (nal.SequenceEqual(known.Bytes))
            {
                isCovered = !_hasChanged && known.SequenceSetId == _activeSequenceSet;
                return true;
            }
        }

        Span<byte> scratch = stackalloc byte[12];
        BitReader reader = new(scratch[..Rbsp.Unescape(nal[1..], scratch)]);
        uint id = reader.Ue();
        uint sequenceSetId = reader.Ue();
        if (reader.IsPastEnd || id > 255 || sequenceSetId > 31 || nal.Length > Rbsp.MaximumParameterSetBytes)
        {
            return false;
        }

        _pictureSets[(int)id] = new PictureSet((int)sequenceSetId, nal.ToArray());
        _hasChanged = true;
        return true;
    }
}
