// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Storage;

/// <summary>
/// What parity wants of a processor: some bytes at a time, added, doubled, and multiplied by a constant of the field. <see cref="ParityKernel{TLanes, TVector}"/>
/// is written once against it and compiled for each, so all paths are the same program and differ only here.
/// </summary>
/// <typeparam name="TVector">The register; its size is how many bytes go at a time.</typeparam>
internal unsafe interface ILanes<TVector>
    where TVector : unmanaged
{
    static abstract bool IsSupported { get; }

    /// <summary>From any address.</summary>
    static abstract TVector Load(byte* from);

    /// <summary>To any address.</summary>
    static abstract void Store(TVector value, byte* to);

    /// <summary>To an address that is a multiple of the vector's size, past the caches where the processor can.</summary>
    static abstract void Stream(TVector value, byte* to);

    /// <summary>The sum in the field.</summary>
    static abstract TVector Add(TVector a, TVector b);

    /// <summary>The product with the generator.</summary>
    static abstract TVector Double(TVector value);

    static abstract TVector Multiply(TVector value, in Factor factor);
}
