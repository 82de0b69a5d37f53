// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Net;

namespace Rookery.Encoders.Tests.Rtsp;

public sealed class NameResolverTests
{
    private readonly TaskCompletionSource _nameServer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _asked;
    private int _underWay;
    private int _mostUnderWay;

    /// <summary>Method: the name server is silent while all ask, and then answers everybody.</summary>
    [Fact]
    public async Task Five_hundred_names_are_resolved_a_few_at_a_time()
    {
        NameResolver resolver = new(TimeProvider.System, TimeSpan.FromMinutes(5), AskAsync);
        Task<IPAddress[]>[] names = [.. Enumerable.Range(0, 500).Select(i => resolver.ResolveAsync($"camera{i}", () => false))];
        _asked.ShouldBe(NameResolver.MaximumAtOnce);

        _nameServer.SetResult();

        (await Task.WhenAll(names)).ShouldAllBe(addresses => addresses.Length == 1);
        _asked.ShouldBe(500);
        _mostUnderWay.ShouldBe(NameResolver.MaximumAtOnce);
    }

    [Fact]
    public async Task A_name_that_is_not_wanted_any_more_is_not_asked_for()
    {
        NameResolver resolver = new(TimeProvider.System, TimeSpan.FromMinutes(5), AskAsync);
        (await resolver.ResolveAsync("camera", () => true)).ShouldBeEmpty();
        _asked.ShouldBe(0);
    }

    private async Task<IPAddress[]> AskAsync(string host, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _asked);
        int now = Interlocked.Increment(ref _underWay);
        for (int most = _mostUnderWay; now > most; most = _mostUnderWay)
        {
            Interlocked.CompareExchange(ref _mostUnderWay, now, most);
        }

        await _nameServer.Task.WaitAsync(cancellation);
        Interlocked.Decrement(ref _underWay);
        return [IPAddress.Loopback];
    }
}
