// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Farm;

/// <summary>The farm cannot do what was asked; the message says why, for a person.</summary>
public sealed class FarmException : Exception
{
    public FarmException()
    {
    }

    public FarmException(string message)
        : base(message)
    {
    }

    public FarmException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
