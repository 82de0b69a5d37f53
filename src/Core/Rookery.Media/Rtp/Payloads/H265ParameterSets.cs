// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Media.Bitstream;

namespace Rookery.Media.Rtp;

/// <summary>The H.265 parameter sets of a stream; works as <see cref="H264ParameterSets"/> does, with video parameter sets above.</summary>
internal sealed class H265ParameterSets
{
    private const int Vps = 32;
    private const int Sps = 33;
    private const int Pps = 34;

    private readonly SortedList<int, byte[]> _videoSets = [];
    private readonly SortedList<int, (int Parent, byte[] Bytes)> _sequenceSets = [];
    private readonly SortedList<int, (int Parent, byte[] Bytes)> _pictureSets = [];

    private bool _hasChanged = true;
    private int _activeSequenceSet = -1;

    public static int TypeOf(byte header) => (header >> 1) & 0x3F;

    /// <param name="nal">A NAL unit of type 32, 33 or 34, without trailing zeros.</param>
    /// <param name="isCovered">The active format says the same.</param>
    /// <returns><c>false</c> when it cannot be read: it is as if it had not come.</returns>
    public bool TryTake(ReadOnlySpan<byte> nal, out bool isCovered)
    {
        isCovered = false;
        return TypeOf(nal[0]) switch
        {
            Vps => TakeVideoSet(nal, ref isCovered),
            Sps => TakeSequenceSet(nal, ref isCovered),
            Pps => TakePictureSet(nal, ref isCovered),
            _ => false,
        };
    }

    /// <summary>Makes the format that a slice with this picture parameter set needs.</summary>
    /// <returns><c>null</c> when the active format still holds, or sets are missing.</returns>
    public TrackFormat? Activate(int pictureSetId)
    {
        if (!_pictureSets.TryGetValue(pictureSetId, out (int Parent, byte[] Bytes) picture)
            || !_sequenceSets.TryGetValue(picture.Parent, out (int Parent, byte[] Bytes) sequence)
            || !_videoSets.TryGetValue(sequence.Parent, out byte[]? video)
            || (!_hasChanged && picture.Parent == _activeSequenceSet))
        {
            return null;
        }

        List<byte[]> pictures = [];
        foreach ((int parent, byte[] bytes) in _pictureSets.Values)
        {
            if (parent == picture.Parent)
            {
                pictures.Add(bytes);
            }
        }

        TrackFormat? format = TrackFormat.FromH265(video, sequence.Bytes, pictures);
        if (format is not null)
        {
            _hasChanged = false;
            _activeSequenceSet = picture.Parent;
        }

        return format;
    }

    private bool TakeVideoSet(ReadOnlySpan<byte> nal, ref bool isCovered)
    {
        int id = nal.Length > 2 ? nal[2] >> 4 : 0;
        if (nal.Length is < 6 or > Rbsp.MaximumParameterSetBytes)
        {
            return false;
        }

        if (_videoSets.TryGetValue(id, out byte[]? known) && nal.SequenceEqual(known))
        {
            isCovered = !_hasChanged;
            return true;
        }

        _videoSets[id] = nal.ToArray();
        _hasChanged = true;
        return true;
    }

    private bool TakeSequenceSet(ReadOnlySpan<byte> nal, ref bool isCovered)
    {
        for (int i = 0; i < _sequenceSets.Count; i++)
        {
            if (nal.SequenceEqual(_sequenceSets.GetValueAtIndex(i).Bytes))
            {
                isCovered = !_hasChanged && _sequenceSets.GetKeyAtIndex(i) == _activeSequenceSet;
                return true;
            }
        }

        if (!H265Sps.TryParse(nal, out H265Sps? parsed))
        {
            return false;
        }

        _sequenceSets[parsed!.Id] = (parsed.VideoSetId, nal.ToArray());
        _hasChanged = true;
        return true;
    }

    private bool TakePictureSet(ReadOnlySpan<byte> nal, ref bool isCovered)
    {
        for (int i = 0; i < _pictureSets.Count; i++)
        {
            (int parent, byte[] known) = _pictureSets.GetValueAtIndex(i);
            if (nal.SequenceEqual(known))
            {
                isCovered = !_hasChanged && parent == _activeSequenceSet;
                return true;
            }
        }

        Span<byte> scratch = stackalloc byte[8];
        BitReader reader = new(scratch[..Rbsp.Unescape(nal[2..], scratch)]);
        uint id = reader.Ue();
        uint parentId = reader.Ue();
        if (reader.IsPastEnd || id > 63 || parentId > 15 || nal.Length > Rbsp.MaximumParameterSetBytes)
        {
            return false;
        }

        _pictureSets[(int)id] = ((int)parentId, nal.ToArray());
        _hasChanged = true;
        return true;
    }
}
