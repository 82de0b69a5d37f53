// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Buffers.Binary;
using Rookery.Foundation;

namespace Rookery.Media.Rtp;

/// <summary>What a NAL unit means for the access unit it is in.</summary>
internal enum NalRole : byte
{
    /// <summary>Kept as it is.</summary>
    Other,

    /// <summary>Coded picture data.</summary>
    Slice,

    /// <summary>Sequence, picture or video parameter set.</summary>
    ParameterSet,

    /// <summary>Access unit delimiter: says nothing that the boundaries of units do not.</summary>
    Delimiter,

    /// <summary>Not a NAL unit.</summary>
    Invalid,
}

/// <summary>
/// What H.264 and H.265 have in common: access units of NAL units behind 4-byte lengths, fragments, boundaries, parameter sets and
/// decode times. The codec says what a payload holds and what a NAL unit means.
/// </summary>
/// <remarks>
/// Boundaries: the marker, unless the camera has shown that its markers mean something else; a change of the timestamp; within one
/// timestamp, a delimiter or the first slice of a new frame. A unit without a picture is not handed over.
/// Parameter sets that the format holds are left out; others stay in the unit, and become the format at the next random access point.
/// </remarks>
internal abstract class NalDepacketizer : Depacketizer
{
    private const int LengthBytes = 4;

    /// <summary>A camera may pause (motion-triggered encoding) but not for so long without its session being given up.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    private readonly DecodeTimes _decodeTimes = new();
    private UnitState _unit;
    private int _fragmentStart = -1;
    private bool _markersEndUnits = true;
    private bool _endedByMarker;
    private bool _isLossBeforePacket;
    private long _lastTime = long.MinValue;

    private protected NalDepacketizer(RtpPayloadFormat payload, BlockPool pool, IAccessUnitSink sink)
        : base(payload, pool, sink, VideoBlockBytes, LongestPause)
    {
    }

    /// <summary>The unit under way.</summary>
    private struct UnitState
    {
        public long Time;
        public bool HasPicture;
        public bool HasParameterSets;
        public bool IsRandomAccess;

        /// <summary>Packets were lost inside it.</summary>
        public bool IsDamaged;

        /// <summary>Packets were lost before its first one; whether they were part of it shows in its first slice.</summary>
        public bool IsLossAtStart;

        /// <summary>Memory ran out in the middle; the rest is passed over.</summary>
        public bool IsDropped;
    }

    public override void Flush()
    {
        AbandonFragment();
        FinishUnit();
    }

    private protected sealed override void Take(ReadOnlySpan<byte> payload, long time, bool marker)
    {
        if (time != _unit.Time)
        {
            if (_fragmentStart >= 0)
            {
                AbandonFragment();
                NoteCorrupt();
            }

            FinishUnit();
            _unit.Time = time;
            _unit.IsLossAtStart = _isLossBeforePacket;
            _endedByMarker = false;
        }

        _isLossBeforePacket = false;
        TakePayload(payload);
        if (marker && _markersEndUnits && _unit.HasPicture && _fragmentStart < 0)
        {
            FinishUnit();
            _endedByMarker = true;
        }
    }

    private protected override void OnLoss()
    {
        AbandonFragment();
        _unit.IsDamaged = true;
        _isLossBeforePacket = true;
    }

    /// <summary>Takes the payload of one packet apart.</summary>
    private protected abstract void TakePayload(ReadOnlySpan<byte> payload);

    /// <param name="header">The NAL unit header.</param>
    /// <param name="following">What is at hand of the bytes after it, maybe none.</param>
    /// <param name="beginsPicture">It is surely the first slice of a new picture.</param>
    private protected abstract NalRole RoleOf(ReadOnlySpan<byte> header, ReadOnlySpan<byte> following, out bool beginsPicture);

    /// <summary>Looks at a whole NAL unit that is a slice or <see cref="NalRole.Other"/>.</summary>
    /// <returns>Whether it makes its access unit a random access point.</returns>
    private protected abstract bool Inspect(ReadOnlySpan<byte> nal, NalRole role, bool isFirstSlice);

    /// <returns>Whether the current format already says the same, so that the NAL unit may be left out.</returns>
    private protected abstract bool TakeParameterSet(ReadOnlySpan<byte> nal);

    private protected abstract bool IsParameterSet(byte header);

    /// <summary>The format for the picture that was inspected last, or <c>null</c> when parameter sets are missing or the current one still holds.</summary>
    private protected abstract TrackFormat? RenewFormat();

    /// <summary>Takes a NAL unit that came in one piece.</summary>
    private protected void TakeNal(ReadOnlySpan<byte> nal, int headerBytes)
    {
        if (_fragmentStart >= 0)
        {
            AbandonFragment();
            NoteCorrupt();
        }

        if (nal.Length <= headerBytes)
        {
            NoteCorrupt();
            return;
        }

        if (BeginNal(nal[..headerBytes], nal[headerBytes..], out NalRole role))
        {
            EndNal(Buffer.Length - LengthBytes - nal.Length, role, headerBytes);
        }
    }

    /// <summary>Takes the first fragment of a NAL unit, with the header that the fragments share.</summary>
    private protected void BeginFragments(ReadOnlySpan<byte> header, ReadOnlySpan<byte> data)
    {
        if (_fragmentStart >= 0)
        {
            AbandonFragment();
            NoteCorrupt();
        }

        if (BeginNal(header, data, out _))
        {
            _fragmentStart = Buffer.Length - LengthBytes - header.Length - data.Length;
        }
    }

    /// <summary>Takes a further fragment.</summary>
    private protected void ContinueFragments(byte header, ReadOnlySpan<byte> data, bool isLast, int headerBytes)
    {
        if (_fragmentStart < 0)
        {
            // Its beginning was lost, or dropped for want of memory; both are counted already.
            _unit.IsDamaged = true;
            NoteLoss();
            return;
        }

        if (Buffer.Content[_fragmentStart + LengthBytes] != header)
        {
            AbandonFragment();
            NoteCorrupt();
            return;
        }

        if (!Buffer.TryAppend(data))
        {
            RunOutOfMemory();
            return;
        }

        if (isLast)
        {
            int start = _fragmentStart;
            _fragmentStart = -1;
            ReadOnlySpan<byte> nal = Buffer.Content[(start + LengthBytes)..];
            EndNal(start, RoleOf(nal[..headerBytes], nal[headerBytes..], out _), headerBytes);
        }
    }

    private bool BeginNal(ReadOnlySpan<byte> header, ReadOnlySpan<byte> data, out NalRole role)
    {
        role = RoleOf(header, data, out bool beginsPicture);
        if (role == NalRole.Invalid)
        {
            NoteCorrupt();
            return false;
        }

        if (_unit.HasPicture && (beginsPicture || role == NalRole.Delimiter))
        {
            FinishUnit();
        }
        else if (_endedByMarker && role == NalRole.Slice && !beginsPicture && !_unit.HasPicture)
        {
            // The rest of a picture after its marker: this camera marks slices. From now on only timestamps count.
            _markersEndUnits = false;
            _unit.IsDamaged = true;
            NoteLoss();
        }

        if (_unit.IsDropped)
        {
            return false;
        }

        _unit.IsDamaged |= _unit.IsLossAtStart && role == NalRole.Slice && !_unit.HasPicture && !beginsPicture;

        if (!Buffer.TryReserve(LengthBytes + header.Length + data.Length, out Span<byte> space))
        {
            RunOutOfMemory();
            return false;
        }

        header.CopyTo(space[LengthBytes..]);
        data.CopyTo(space[(LengthBytes + header.Length)..]);
        return true;
    }

    private void EndNal(int start, NalRole role, int headerBytes)
    {
        Span<byte> content = Buffer.Content;
        Span<byte> nal = content[(start + LengthBytes)..];
        BinaryPrimitives.WriteInt32BigEndian(content[start..], nal.Length);
        switch (role)
        {
            case NalRole.Delimiter:
                Buffer.Truncate(start);
                break;
            case NalRole.ParameterSet when nal.IndexOf("\0\0\u0001"u8) >= 0:
                TakeByteStream(start, nal.ToArray(), headerBytes);
                break;
            case NalRole.ParameterSet when TakeParameterSet(nal):
                Buffer.Truncate(start);
                break;
            case NalRole.ParameterSet:
                _unit.HasParameterSets = true;
                break;
            default:
                _unit.IsRandomAccess |= Inspect(nal, role, role == NalRole.Slice && !_unit.HasPicture);
                _unit.HasPicture |= role == NalRole.Slice;
                break;
        }
    }

    /// <summary>
    /// Some cameras put a whole byte stream (parameter sets and picture with start codes between them) where one NAL unit should be. A NAL unit
    /// never holds a start code, so this is safe; the copy is paid by those cameras alone.
    /// </summary>
    private void TakeByteStream(int start, byte[] stream, int headerBytes)
    {
        Buffer.Truncate(start);
        ReadOnlySpan<byte> rest = stream;
        while (!rest.IsEmpty)
        {
            int end = rest.IndexOf("\0\0\u0001"u8);
            ReadOnlySpan<byte> nal = (end < 0 ? rest : rest[..end]).TrimEnd((byte)0);
            if (!nal.IsEmpty)
            {
                TakeNal(nal, headerBytes);
            }

            rest = end < 0 ? default : rest[(end + 3)..];
        }
    }

    private void AbandonFragment()
    {
        if (_fragmentStart >= 0)
        {
            Buffer.Truncate(_fragmentStart);
            _fragmentStart = -1;
            _unit.IsDamaged = true;
        }
    }

    private void RunOutOfMemory()
    {
        NoteOutOfMemory();
        _fragmentStart = -1;
        _unit.IsDropped = true;
    }

    private void FinishUnit()
    {
        UnitState unit = _unit;
        _unit = new UnitState { Time = unit.Time };
        if (unit.IsDropped || !unit.HasPicture)
        {
            Buffer.Truncate(0);
            return;
        }

        unit.IsRandomAccess &= !unit.IsDamaged;
        if (unit.IsDamaged)
        {
            NoteLoss();
        }

        if ((unit.IsRandomAccess || Format is null) && !TryRenewFormat(unit.HasParameterSets))
        {
            DropUnit();
            return;
        }

        // A second frame with the timestamp of the one before it is put one tick later; the decode time follows.
        long time = unit.Time == _lastTime ? unit.Time + 1 : unit.Time;
        _lastTime = unit.Time;
        long decode = _decodeTimes.Next(time);
        Emit(decode, time - decode, unit.IsRandomAccess ? AccessUnitFlags.RandomAccess : AccessUnitFlags.None);
    }

    /// <returns><c>false</c> when there is no format at all.</returns>
    private bool TryRenewFormat(bool unitHasParameterSets)
    {
        if (RenewFormat() is { } renewed)
        {
            Adopt(renewed);
        }
        else if (Format is not null && _decodeTimes.ObservedDepth > Format.ReorderDepth)
        {
            Adopt(Format);
        }

        if (unitHasParameterSets && Format is not null)
        {
            RemoveParameterSets();
        }

        return Format is not null;
    }

    private void Adopt(TrackFormat format)
    {
        if (_decodeTimes.ObservedDepth > format.ReorderDepth)
        {
            format = format with { ReorderDepth = _decodeTimes.ObservedDepth };
        }

        if (!format.Equals(Format))
        {
            _decodeTimes.Configure(format);
            Announce(format);
        }
    }

    /// <summary>They are in the format now.</summary>
    private void RemoveParameterSets()
    {
        Span<byte> content = Buffer.Content;
        int kept = 0;
        int at = 0;
        while (at < content.Length)
        {
            int length = LengthBytes + BinaryPrimitives.ReadInt32BigEndian(content[at..]);
            if (!IsParameterSet(content[at + LengthBytes]))
            {
                content.Slice(at, length).CopyTo(content[kept..]);
                kept += length;
            }

            at += length;
        }

        Buffer.Truncate(kept);
    }
}
