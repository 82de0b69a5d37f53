// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Storage;

/// <summary>A pool as its disks tell it when it is opened.</summary>
/// <param name="Identity">Identity of the pool.</param>
/// <param name="Document">The newest document.</param>
/// <param name="IsDocumentNew">It is not on the disks yet: something was found that it must say from now on.</param>
/// <param name="Numbers">The numbers of this opening.</param>
/// <param name="Disks">The disks that are here and belong to it; at least one.</param>
/// <param name="Notices">What a person should know: what was refused, or could not be read.</param>
/// <param name="Refused">Devices that do not belong to it; nothing was written to them.</param>
internal sealed record PoolContent(
    UInt128 Identity, PoolDocument Document, bool IsDocumentNew, PoolNumbers Numbers, IReadOnlyList<PoolDisk> Disks, IReadOnlyList<PoolNotice> Notices, IReadOnlyList<IBlockDevice> Refused);

/// <summary>What a person should know about an opening.</summary>
/// <param name="Disk">Name of the disk it is about: when that joins the pool after all, the notice is over. <c>null</c> for none.</param>
/// <param name="Words">In words.</param>
internal sealed record PoolNotice(string? Disk, string Words);
