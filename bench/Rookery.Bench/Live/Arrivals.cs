// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Runtime.InteropServices;
using Rookery.Farm;
using Rookery.Foundation;

namespace Rookery.Bench.Live;

/// <summary>When the pictures of one camera came to one viewer. Filled by one task; read when that has ended.</summary>
/// <param name="camera">What the camera sent.</param>
internal sealed class Arrivals(SentLog camera)
{
    /// <summary>Shorter than the round of a clip, in which no picture comes twice: what is later is lost, or another round's.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    private readonly Dictionary<ulong, List<MonotonicTime>> _instants = [];

    public void Add(List<ulong> pictures, MonotonicTime now)
    {
        foreach (ulong picture in pictures)
        {
            ref List<MonotonicTime>? instants = ref CollectionsMarshal.GetValueRefOrAddDefault(_instants, picture, out _);
            (instants ??= []).Add(now);
        }
    }

    /// <summary>Adds the delay of each picture sent from <paramref name="begin"/> to before <paramref name="end"/>, in milliseconds.</summary>
    /// <returns>Pictures that were sent and did not come.</returns>
    public int Collect(MonotonicTime begin, MonotonicTime end, List<double> delays)
    {
        int lost = 0;
        foreach (SentUnit unit in camera.Snapshot().Where(unit => unit.Track == 0 && unit.Sent >= begin && unit.Sent < end))
        {
            TimeSpan? delay = _instants.GetValueOrDefault(unit.Hash)?.Where(instant => instant >= unit.Sent).Select(instant => (TimeSpan?)(instant - unit.Sent)).Min();
            if (delay < Longest)
            {
                delays.Add(delay.Value.TotalMilliseconds);
            }
            else
            {
                lost++;
            }
        }

        return lost;
    }
}
