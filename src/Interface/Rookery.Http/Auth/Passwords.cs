// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Rookery.Recording;

namespace Rookery.Http;

/// <summary>
/// Hashes and checks passwords: PBKDF2 with HMAC-SHA-512, 210,000 rounds (what OWASP recommends in 2025), about 0.1 s of one core. So that a flood of
/// logins cannot take the processor from recording, one password is looked at at a time and few may wait.
/// </summary>
internal sealed class Passwords : IDisposable
{
    public const int MinimumLength = 10;
    public const int MaximumLength = 256;

    private const int MaximumWaiting = 16;

    private static readonly PasswordHasher<User> Hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = 210_000 }));

    // Compared with when there is no such user, so that the time an answer takes does not tell which names exist.
    private static readonly Lazy<User> Nobody = new(() => new User("", Hasher.HashPassword(new User("", ""), "nobody has this password")));

    private readonly SemaphoreSlim _one = new(1);
    private int _waiting;

    public static bool IsAcceptable(string? password) => password is { Length: >= MinimumLength and <= MaximumLength };

    public static User Hash(string name, string password)
    {
        User user = new(name, "");
        return user with { PasswordHash = Hasher.HashPassword(user, password) };
    }

    /// <returns>What was found; <c>null</c> when too many logins wait.</returns>
    public async ValueTask<PasswordVerificationResult?> CheckAsync(User? user, string password, CancellationToken cancellation)
    {
        if (Interlocked.Increment(ref _waiting) > MaximumWaiting)
        {
            Interlocked.Decrement(ref _waiting);
            return null;
        }

        try
        {
            await _one.WaitAsync(cancellation);
            try
            {
                User compared = user ?? Nobody.Value;
                PasswordVerificationResult result = Hasher.VerifyHashedPassword(compared, compared.PasswordHash, password);
                return user is null ? PasswordVerificationResult.Failed : result;
            }
            finally
            {
                _one.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    public void Dispose() => _one.Dispose();
}
