// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Storage;

/// <summary>The store cannot be opened or used as asked; the message says why and what to do, for a person.</summary>
public sealed class StoreException : IOException
{
    public StoreException()
    {
    }

    public StoreException(string message)
        : base(message)
    {
    }

    public StoreException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
