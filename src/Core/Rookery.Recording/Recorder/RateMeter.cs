// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Recording;

/// <summary>Bits and pictures per second, smoothed over about 5 s. Counted per access unit, computed per tick.</summary>
internal sealed class RateMeter
{
    private const double TimeConstantSeconds = 5;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private long _bytes;
    private long _pictures;
    private MonotonicTime? _since;
    private bool _hasValue;

    public double BitsPerSecond { get; private set; }

    public double PicturesPerSecond { get; private set; }

    public void Count(int bytes, bool isPicture)
    {
        _bytes += bytes;
        _pictures += isPicture ? 1 : 0;
    }

    public void Tick(MonotonicTime now)
    {
        if (_since is not { } since)
        {
            _since = now;
            return;
        }

        if (now - since < Interval)
        {
            return;
        }

        double seconds = (now - since).TotalSeconds;
        double weight = _hasValue ? 1 - Math.Exp(-seconds / TimeConstantSeconds) : 1;
        BitsPerSecond += weight * ((_bytes * 8 / seconds) - BitsPerSecond);
        PicturesPerSecond += weight * ((_pictures / seconds) - PicturesPerSecond);
        _hasValue = _bytes > 0 || _hasValue;
        _bytes = 0;
        _pictures = 0;
        _since = now;
    }

    public void Reset()
    {
        _bytes = 0;
        _pictures = 0;
        _since = null;
        _hasValue = false;
        BitsPerSecond = 0;
        PicturesPerSecond = 0;
    }
}
