// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Storage;

/// <summary>What is on the disks, for forecasts and previews.</summary>
public sealed partial class VideoStore
{
    /// <inheritdoc/>
    /// <remarks>Some 50 ms for the 400,000 chunks of a large pool, on the caller's thread; nothing of recording waits for it.</remarks>
    public PoolSurvey Survey() => new PoolSurveyor(_state).Survey(HoldStatus.HeldBytes, _keeper.Scrub);

    public void StartScrub() => _keeper.StartScrub();

    public void StopScrub() => _keeper.StopScrub();

    /// <summary>Goes on with what <see cref="StartScrub"/> began, on the caller's thread; for a store without threads.</summary>
    internal Task ScrubAskedNowAsync(long portionBytes) => _keeper.ScrubAskedAsync(portionBytes);
}
