// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>
/// Decides whether the wall clock may say that footage is too old. A clock that jumps forward (a dead battery, a wrong year typed in) would otherwise expire everything
/// within seconds. After a jump the clock is given an hour to be put right; the same when a start finds that more than a day has passed.
/// </summary>
/// <param name="lastWritten">When the disk was written last.</param>
internal sealed class ClockTrust(WallTime lastWritten)
{
    private static readonly TimeSpan Jump = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan LongAbsence = TimeSpan.FromDays(1);
    private static readonly TimeSpan Doubt = TimeSpan.FromHours(1);

    private WallTime _wall = lastWritten;
    private MonotonicTime? _monotonic;
    private MonotonicTime _doubtedUntil;

    public bool IsTrusted(WallTime wall, MonotonicTime monotonic)
    {
        bool isStart = _monotonic is null;
        TimeSpan ahead = wall - _wall - (monotonic - (_monotonic ?? monotonic));
        if (ahead > (isStart ? LongAbsence : Jump))
        {
            _doubtedUntil = monotonic + Doubt;
        }

        _wall = wall;
        _monotonic = monotonic;
        return monotonic >= _doubtedUntil;
    }
}
