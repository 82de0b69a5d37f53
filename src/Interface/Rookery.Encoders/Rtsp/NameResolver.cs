// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace Rookery.Encoders;

/// <summary>
/// Resolves the names of cameras, a few at a time: the system's resolver holds a thread of the pool for each, and five hundred cameras with a dead
/// name server would take all of them from everything else.
/// </summary>
/// <param name="clock">For the limit.</param>
/// <param name="limit">How long one name may take, from its turn on.</param>
/// <param name="system">What resolves; <c>null</c> for the system's resolver.</param>
[SuppressMessage("ApiDesign", "RS0030:Do not use banned APIs", Justification = "adapter: resolves names")]
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "the semaphore has no handle, and sessions may still wait for it when the connector ends")]
internal sealed class NameResolver(TimeProvider clock, TimeSpan limit, Func<string, CancellationToken, Task<IPAddress[]>>? system = null)
{
    public const int MaximumAtOnce = 16;

    private readonly SemaphoreSlim _turns = new(MaximumAtOnce);
    private readonly Func<string, CancellationToken, Task<IPAddress[]>> _system = system ?? Dns.GetHostAddressesAsync;

    /// <returns>Nothing when the name has no address, whatever the resolver says, or when it is not wanted any more.</returns>
    public async Task<IPAddress[]> ResolveAsync(string host, Func<bool> isUnwanted)
    {
        await _turns.WaitAsync().ConfigureAwait(false);
        try
        {
            if (isUnwanted())
            {
                return [];
            }

            using CancellationTokenSource timeout = new(limit, clock);
            return await _system(host, timeout.Token).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is SocketException or OperationCanceledException or ArgumentException)
        {
            return [];
        }
        finally
        {
            _turns.Release();
        }
    }
}
