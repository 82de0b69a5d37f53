// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Buffers.Binary;
using Rookery.Foundation;
using Rookery.Media.Bitstream;

namespace Rookery.Media.Rtp;

/// <summary>H.265 in RTP (RFC 7798): single NAL units, aggregation packets and fragmentation units, with or without decoding order numbers.</summary>
/// <remarks>The numbers are passed over: packets come in decoding order from every sender that transmits in one session (§6).</remarks>
internal sealed class H265Depacketizer : NalDepacketizer
{
    private const int NalHeaderBytes = 2;
    private const int AggregationPacket = 48;
    private const int FragmentationUnit = 49;
    private const int OrderNumberBytes = 2;
    private const int OrderDifferenceBytes = 1;

    private readonly H265ParameterSets _sets = new();
    private readonly bool _hasOrderNumbers;
    private int _pictureSetId;

    public H265Depacketizer(RtpPayloadFormat payload, BlockPool pool, IAccessUnitSink sink)
        : base(payload, pool, sink)
    {
        _hasOrderNumbers = payload.Parameter("sprop-max-don-diff", 0, 0, 32767) > 0;
        foreach (string name in new[] { "sprop-vps", "sprop-sps", "sprop-pps" })
        {
            foreach (byte[] nal in SpropParameterSets.Parse(payload.Parameter(name)))
            {
                _sets.TryTake(SpropParameterSets.TrimTrailingZeros(nal), out _);
            }
        }
    }

    private protected override void TakePayload(ReadOnlySpan<byte> payload)
    {
        if (payload.IsEmpty)
        {
            return;
        }

        if (payload.Length <= NalHeaderBytes)
        {
            NoteCorrupt();
            return;
        }

        switch (H265ParameterSets.TypeOf(payload[0]))
        {
            case < AggregationPacket when !_hasOrderNumbers:
                TakeNal(payload, NalHeaderBytes);
                break;
            case < AggregationPacket:
                TakeNumberedNal(payload);
                break;
            case AggregationPacket:
                TakeAggregate(payload[NalHeaderBytes..]);
                break;
            case FragmentationUnit:
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
        // The forbidden bit, and a temporal id of zero, which stands for -1.
        if ((header[0] & 0x80) != 0 || (header[1] & 7) == 0)
        {
            return NalRole.Invalid;
        }

        switch (H265ParameterSets.TypeOf(header[0]))
        {
            case <= 31:
                beginsPicture = following.Length > 0 && (following[0] & 0x80) != 0;
                return NalRole.Slice;
            case >= 32 and <= 34:
                return NalRole.ParameterSet;
            case 35:
                return NalRole.Delimiter;
            case >= 48:
                return NalRole.Invalid;
            default:
                return NalRole.Other;
        }
    }

    private protected override bool Inspect(ReadOnlySpan<byte> nal, NalRole role, bool isFirstSlice)
    {
        int type = H265ParameterSets.TypeOf(nal[0]);
        // §7.4.2.2: types 16 to 23 are intra random access points.
        bool isRandomAccess = role == NalRole.Slice && type is >= 16 and <= 23;
        if (isFirstSlice)
        {
            ReadPictureSetId(nal[NalHeaderBytes..], isRandomAccess);
        }

        return isRandomAccess;
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

    private protected override bool IsParameterSet(byte header) => H265ParameterSets.TypeOf(header) is >= 32 and <= 34;

    private protected override TrackFormat? RenewFormat() => _sets.Activate(_pictureSetId);

    /// <summary>§7.3.6.1: first_slice_segment_in_pic_flag, for random access points no_output_of_prior_pics_flag, then the id.</summary>
    private void ReadPictureSetId(ReadOnlySpan<byte> slice, bool isRandomAccess)
    {
        Span<byte> scratch = stackalloc byte[8];
        BitReader reader = new(scratch[..Rbsp.Unescape(slice, scratch)]);
        reader.Skip(isRandomAccess ? 2 : 1);
        _pictureSetId = (int)Math.Min(reader.Ue(), 63);
    }

    /// <summary>§4.4.1: the number stands between header and data, so the NAL unit comes in two pieces.</summary>
    private void TakeNumberedNal(ReadOnlySpan<byte> payload)
    {
        if (payload.Length <= NalHeaderBytes + OrderNumberBytes)
        {
            NoteCorrupt();
            return;
        }

        BeginFragments(payload[..NalHeaderBytes], payload[(NalHeaderBytes + OrderNumberBytes)..]);
        ContinueFragments(payload[0], default, isLast: true, NalHeaderBytes);
    }

    /// <summary>§4.4.2.</summary>
    private void TakeAggregate(ReadOnlySpan<byte> rest)
    {
        int numberBytes = _hasOrderNumbers ? OrderNumberBytes : 0;
        while (rest.Length > numberBytes + 2)
        {
            rest = rest[numberBytes..];
            int size = BinaryPrimitives.ReadUInt16BigEndian(rest);
            if (size == 0 || size > rest.Length - 2)
            {
                NoteCorrupt();
                return;
            }

            TakeNal(rest.Slice(2, size), NalHeaderBytes);
            rest = rest[(2 + size)..];
            numberBytes = _hasOrderNumbers ? OrderDifferenceBytes : 0;
        }
    }

    /// <summary>§4.4.3.</summary>
    private void TakeFragment(ReadOnlySpan<byte> payload)
    {
        bool isFirst = (payload[2] & 0x80) != 0;
        bool isLast = (payload[2] & 0x40) != 0;
        int dataStart = NalHeaderBytes + 1 + (isFirst && _hasOrderNumbers ? OrderNumberBytes : 0);
        if ((isFirst && isLast) || payload.Length <= dataStart)
        {
            NoteCorrupt();
            return;
        }

        byte header = (byte)((payload[0] & 0x81) | ((payload[2] & 0x3F) << 1));
        ReadOnlySpan<byte> data = payload[dataStart..];
        if (isFirst)
        {
            BeginFragments([header, payload[1]], data);
        }
        else
        {
            ContinueFragments(header, data, isLast, NalHeaderBytes);
        }
    }
}
