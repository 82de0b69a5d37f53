// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>
/// Zones that are free only because the catalog does not mention them are looked at before they are used: a page of it that rotted must not cost the footage it told of. Done ahead of need, between two
/// commits. Design: docs/design/storage.md, "Zones nobody speaks of".
/// </summary>
internal sealed partial class Committer
{
    /// <summary>Zones of a disk that are known to be free at any time, as many as its superblock can name: minutes of recording.</summary>
    private const int ReadyZones = Superblock.MaximumSpares;

    /// <summary>Zones that are looked at between two commits, on each disk: two short reads each, so 20 ms of a hard disk; and when one held footage and the others have to be looked at soon.</summary>
    private const int CheckedAtOnce = 1;
    private const int CheckedAfterFind = 4;

    /// <summary>Zones that a head which has none looks at before it goes another way.</summary>
    private const int CheckedInNeed = 8;

    private ZoneSurvey? _survey;
    private bool _isCatalogIncomplete;

    /// <summary>There is more in the catalog's gaps than is known yet: what looks like a lost column may lie there.</summary>
    private bool MayFindColumns => _isCatalogIncomplete && _state.Disks.All.Any(d => d.State == DiskState.Online && d.Ledger.UncheckedCount > 0);

    private void CheckSomeZones()
    {
        foreach (PoolDisk disk in _state.Disks.All)
        {
            for (int left = _isCatalogIncomplete ? CheckedAfterFind : CheckedAtOnce; left > 0 && (_isCatalogIncomplete || disk.Ledger.ReadyCount < ReadyZones); left--)
            {
                CheckZone(disk);
            }
        }
    }

    /// <summary>A zone is wanted on a disk now.</summary>
    private void MakeReady(PoolDisk disk)
    {
        for (int left = CheckedInNeed; left > 0 && disk.Ledger.ReadyCount == 0; left--)
        {
            CheckZone(disk);
        }
    }

    private void CheckZone(PoolDisk disk)
    {
        if (disk.State != DiskState.Online || disk.IsHung || disk.Ledger.TakeUnchecked() is not { } zone)
        {
            return;
        }

        _survey ??= new ZoneSurvey(_state, isForPool: true);
        switch (_survey.Look(disk, zone))
        {
            case ZoneSurvey.Finding.Nothing nothing:
                disk.Ledger.AddFree(nothing);
                break;
            case ZoneSurvey.Finding.Sealed column:
                TakeBack(disk, column.Entry);
                break;
            case ZoneSurvey.Finding.Unsealed:
                // To go through its frames takes seconds. Nothing is written there, and the next start does it.
                LeaveZoneAlone(disk);
                break;
            default:
                _state.Counters.LeaveAlone(disk.Name);
                break;
        }
    }

    /// <summary>A column of a sealed chunk lies in a zone that the catalog does not mention.</summary>
    private void TakeBack(PoolDisk disk, in OpenColumn column)
    {
        if (TailIn(disk, column) is not { } read)
        {
            LeaveZoneAlone(disk);
            return;
        }

        ChunkTrailer trailer = read.Tail.Trailer;
        var place = new ColumnPlace(disk.Number, column.Zone);
        if (_state.Chunks.Find(column.Generation) is { } known)
        {
            if (known.State == ChunkState.Sealed && known.Layout == column.Layout && known.Columns[column.Column].IsNone && known.DataEnd == trailer.DataEnd)
            {
                disk.Ledger.AddSealed(column.Zone);
                _state.Chunks.SetColumn(known, column.Column, place);
                _catalog.Moved(known, []);
            }
            else
            {
                // It lies elsewhere by now.
                disk.Ledger.AddFree(column.Zone);
            }

            return;
        }

        if (_retention.IsOver(trailer))
        {
            disk.Ledger.AddFree(column.Zone);
            return;
        }

        ColumnPlace[] columns = [.. Enumerable.Repeat(ColumnPlace.None, trailer.Layout.Columns)];
        columns[trailer.Column] = place;
        _catalog.Sealed(new IndexLoader(_state).AddSealed(read.Tail, columns), read.Bytes, []);
        _state.Counters.CountFoundAgain();
        _isCatalogIncomplete = true;
    }

    private (ChunkTail Tail, byte[] Bytes)? TailIn(PoolDisk disk, in OpenColumn column)
    {
        try
        {
            return _state.PoolFooters.ReadTail(disk, column.Zone) is { } read && read.Tail.Trailer.Generation == column.Generation && read.Tail.Trailer.Layout == column.Layout ? read : null;
        }
        catch (DeviceException)
        {
            return null;
        }
    }

    private void LeaveZoneAlone(PoolDisk disk)
    {
        _state.Counters.LeaveAlone(disk.Name);
        _catalog.Distrust();
    }
}
