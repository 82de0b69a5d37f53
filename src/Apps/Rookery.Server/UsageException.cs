// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Server;

/// <summary>The operator asked for something that cannot be done as it was asked. The message is for them.</summary>
internal sealed class UsageException : Exception
{
    public UsageException()
    {
    }

    public UsageException(string message)
        : base(message)
    {
    }

    public UsageException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
