// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Encoders.Tests.Fakes;

/// <summary>The system's clock, until somebody sets it. Monotonic time goes on regardless.</summary>
internal sealed class ClockThatCanBeSet : TimeProvider
{
    private long _backTicks;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() - TimeSpan.FromTicks(Interlocked.Read(ref _backTicks));

    public void SetBack(TimeSpan by) => Interlocked.Add(ref _backTicks, by.Ticks);
}
