// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;
using Rookery.Recording;

namespace Rookery.Http;

/// <summary>Creates the first user, by the setup link or by an unattended start.</summary>
public static class FirstAdministrator
{
    public const int MaximumNameLength = 64;

    /// <summary>Why a name and password cannot be taken; <c>null</c> when they can.</summary>
    public static string? Unacceptable(string name, string password)
    {
        if (name.Length is 0 or > MaximumNameLength || name.Any(char.IsControl))
        {
            return $"A user name has 1 to {MaximumNameLength} printable characters.";
        }

        return Passwords.IsAcceptable(password) ? null : $"A password has {Passwords.MinimumLength} to {Passwords.MaximumLength} characters.";
    }

    /// <returns><c>false</c> when there is a user already.</returns>
    public static bool TryCreate(UserStore users, string name, string password, WallTime now) =>
        users.IsEmpty && users.TryAddFirst(Passwords.Hash(name, password), now);
}
