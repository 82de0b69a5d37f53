// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Storage;

/// <summary>A pool as its disks tell it when it is opened.</summary>
/// <param name="Identity">Identity of the pool.</param>
/// <param name="Document">The newest document.</param>
/// <param name="IsDocumentNew">It is not on the disks yet: something was found that it must say from now on.</param>
/// <param name="Numbers">The numbers of this opening.</param>
/// <param name="Disks">The disks that are here and belong to it; at least one.</param>
/// <param name="Notices">What a person should know: disks that are missing, or were refused.</param>
/// <param name="Refused">Devices that do not belong to it; nothing was written to them.</param>
internal sealed record PoolContent(
    UInt128 Identity, PoolDocument Document, bool IsDocumentNew, PoolNumbers Numbers, IReadOnlyList<PoolDisk> Disks, IReadOnlyList<string> Notices, IReadOnlyList<IBlockDevice> Refused);
