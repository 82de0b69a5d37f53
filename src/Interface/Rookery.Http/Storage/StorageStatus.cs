// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;
using Rookery.Recording;
using Rookery.Storage;

namespace Rookery.Http;

/// <summary>The pool as the API shows it. What goes through all chunks or all cameras is kept for a while, however many pages ask. Safe for any thread.</summary>
internal sealed class StorageStatus(IVideoStore store, IPoolControl pool, IRetentionControl retention, CameraRegistry cameras, TimeProvider clock)
{
    /// <summary>A survey of a large pool takes some 50 ms of a core.</summary>
    private static readonly TimeSpan SurveyedEvery = TimeSpan.FromSeconds(3);

    /// <summary>Days of retention do not change faster than anybody can see.</summary>
    private static readonly TimeSpan CamerasEvery = TimeSpan.FromSeconds(60);

    private readonly Lock _lock = new();
    private (PoolSurvey Survey, MonotonicTime At)? _survey;
    private (IReadOnlyList<CameraReachView> Views, MonotonicTime At)? _cameras;

    public PoolSurvey Survey
    {
        get
        {
            lock (_lock)
            {
                MonotonicTime now = MonotonicTime.Now(clock);
                if (_survey is not { } known || now - known.At >= SurveyedEvery)
                {
                    _survey = known = (pool.Survey(), now);
                }

                return known.Survey;
            }
        }
    }

    /// <summary>Something was changed: the next answer tells it.</summary>
    public void Changed()
    {
        lock (_lock)
        {
            _survey = null;
        }
    }

    public StorageView Read()
    {
        PoolSurvey survey = Survey;
        return StorageView.Of(store.Status, survey, PoolForecast.Of(survey), Cameras());
    }

    private IReadOnlyList<CameraReachView> Cameras()
    {
        lock (_lock)
        {
            MonotonicTime now = MonotonicTime.Now(clock);
            if (_cameras is not { } known || now - known.At >= CamerasEvery)
            {
                WallTime present = WallTime.Now(clock);
                IReadOnlyList<Hold> holds = retention.Holds;
                _cameras = known = ([.. cameras.List().Select(camera => CameraReach.Of(camera, store, holds, present))], now);
            }

            return known.Views;
        }
    }
}
