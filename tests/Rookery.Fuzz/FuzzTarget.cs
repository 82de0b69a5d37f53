// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Fuzz;

/// <summary>Something that reads bytes from a network or a disk, with what must hold for every input.</summary>
public abstract class FuzzTarget
{
    /// <summary>Of the command line, and of the folder with inputs that once failed.</summary>
    public abstract string Name { get; }

    /// <summary>Valid inputs, from which others are made. At least one.</summary>
    public abstract IReadOnlyList<byte[]> Seeds { get; }

    /// <summary>Throws when the input makes the code throw, or breaks a law.</summary>
    public abstract void Run(byte[] input);

    /// <summary>Makes a neighbour of an input. A target that knows its structure changes that, so that inputs get past the first check.</summary>
    public virtual byte[] Mutate(Random random, byte[] input) => Mutator.Bytes(random, input);

    /// <summary>Fails a law.</summary>
    protected static void Require(bool condition, string law)
    {
        if (!condition)
        {
            throw new InvalidOperationException($"Broken: {law}.");
        }
    }
}
