// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Buffers.Binary;
using Rookery.Foundation;
using Rookery.Media.Bitstream;

namespace Rookery.Media.Rtp;

/// <summary>H.264 in RTP (RFC 6184): single NAL units, STAP-A and FU-A, the packets of packetization modes 0 and 1.</summary>
internal sealed class H264Depacketizer : NalDepacketizer
{
    private const int StapA = 24;
    private const int FuA = 28;

    private readonly H264ParameterSets _sets = new();
    private bool _recoveryPoint;
    private int _pictureSetId;

    public H264Depacketizer(RtpPayloadFormat payload, BlockPool pool, IAccessUnitSink sink)
        : base(payload, pool, sink)
    {
        foreach (byte[] nal in SpropParameterSets.Parse(payload.Parameter("sprop-parameter-sets")))
        {
            if ((nal[0] & 0x1F) is 7 or 8)
            {
                _sets.TryTake(SpropParameterSets.TrimTrailingZeros(nal), out _);
            }
        }
    }

    private protected override void OnLoss()
    {
        // The picture that the message stood before may be among what was lost.
        _recoveryPoint = false;
        base.OnLoss();
    }

    private protected override void TakePayload(ReadOnlySpan<byte> payload)
    {
        if (payload.IsEmpty)
        {
            return;
        }

        switch (payload[0] & 0x1F)
        {
            case >= 1 and <= 23:
                TakeNal(payload, headerBytes: 1);
                break;
            case StapA:
                TakeAggregate(payload[1..]);
                break;
            case FuA:
                TakeFragment(payload);
                break;
            default:
                NoteCorrupt();
                break;
        }
    }

    private protected override NalRole RoleOf(ReadOnlySpan<byte> header, ReadOnlySpan<byte> following, out bool beginsPicture)
    {
        beginsPicture = false;
        if ((header[0] & 0x80) != 0)
        {
            return NalRole.Invalid;
        }

        switch (header[0] & 0x1F)
        {
            case 1 or 2 or 5:
                // first_mb_in_slice is 0 when its first bit is set. Two fields of a frame both begin so.
                beginsPicture = _sets.FrameMbsOnly && following.Length > 0 && (following[0] & 0x80) != 0;
                return NalRole.Slice;
            case 3 or 4:
                return NalRole.Slice;
            case 7 or 8:
                return NalRole.ParameterSet;
            case 9:
                return NalRole.Delimiter;
            case 0 or >= 24:
                return NalRole.Invalid;
            default:
                return NalRole.Other;
        }
    }

    private protected override bool Inspect(ReadOnlySpan<byte> nal, NalRole role, bool isFirstSlice)
    {
        int type = nal[0] & 0x1F;
        if (role != NalRole.Slice)
        {
            _recoveryPoint |= type == 6 && RecoveryPoint.IsIn(nal[1..]);
            return false;
        }

        if (!isFirstSlice || !H264SliceHeader.TryParse(nal, out H264SliceHeader slice))
        {
            return type == 5;
        }

        bool recovers = _recoveryPoint;
        _recoveryPoint = false;
        _pictureSetId = slice.PictureSetId;
        return type == 5 || recovers;
    }

    private protected override bool TakeParameterSet(ReadOnlySpan<byte> nal)
    {
        if (!_sets.TryTake(SpropParameterSets.TrimTrailingZeros(nal), out bool isCovered))
        {
            NoteCorrupt();
            return true;
        }

        return isCovered;
    }

    private protected override bool IsParameterSet(byte header) => (header & 0x1F) is 7 or 8;

    private protected override TrackFormat? RenewFormat() => _sets.Activate(_pictureSetId);

    /// <summary>§5.7.1: NAL units behind 16-bit sizes.</summary>
    private void TakeAggregate(ReadOnlySpan<byte> rest)
    {
        while (rest.Length > 2)
        {
            int size = BinaryPrimitives.ReadUInt16BigEndian(rest);
            if (size == 0 || size > rest.Length - 2)
            {
                NoteCorrupt();
                return;
            }

            TakeNal(rest.Slice(2, size), headerBytes: 1);
            rest = rest[(2 + size)..];
        }
    }

    /// <summary>§5.8: the indicator's upper bits and the type of the FU header make the NAL unit header.</summary>
    private void TakeFragment(ReadOnlySpan<byte> payload)
    {
        if (payload.Length < 3)
        {
            NoteCorrupt();
            return;
        }

        byte header = (byte)((payload[0] & 0xE0) | (payload[1] & 0x1F));
        ReadOnlySpan<byte> data = payload[2..];
        bool isFirst = (payload[1] & 0x80) != 0;
        bool isLast = (payload[1] & 0x40) != 0;
        if (isFirst && isLast)
        {
            NoteCorrupt();
        }
        else if (isFirst)
        {
            BeginFragments([header], data);
        }
        else
        {
            ContinueFragments(header, data, isLast, headerBytes: 1);
        }
    }
}
