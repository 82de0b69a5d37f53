// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Storage;

namespace Rookery.Simulation;

/// <summary>A record as the store showed it, with its bytes; <c>null</c> bytes when the store said that they are lost.</summary>
internal sealed record ShownRecord(StoredRecord Record, byte[]? Payload);

/// <summary>All that a store shows at one time.</summary>
internal sealed record ShownStore(IReadOnlyList<ShownRecord> Records, IReadOnlyDictionary<ulong, IReadOnlyList<Gap>> Gaps, Func<FormatId, ReadOnlyMemory<byte>?> Format);
