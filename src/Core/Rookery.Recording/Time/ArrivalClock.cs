// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Recording;

/// <summary>
/// Learns from arrivals alone how media time lies against our clock: the least delayed arrival of each 10 s counts, because a network only ever delays.
/// </summary>
internal sealed class ArrivalClock
{
    private const long BucketMicros = 10_000_000;

    /// <summary>Ten minutes: over it a jitter of 5 ms leaves 8 ppm of doubt in the drift.</summary>
    private const int Buckets = 60;

    /// <summary>Two minutes: on a busy machine the least delay of 10 s still varies by 50 ms, which over half a minute looked like 1800 ppm.</summary>
    private const long ShortestBaseMicros = 120_000_000;

    private readonly long[] _offsets = new long[Buckets];
    private readonly long[] _starts = new long[Buckets];
    private int _closed;
    private long _bucketStart;
    private long _bucketLeast;
    private bool _started;

    /// <summary>Arrival minus media time in microseconds, of the least delayed arrival lately.</summary>
    public long OffsetMicros => _closed == 0 ? _bucketLeast : Math.Min(_bucketLeast, _offsets[(_closed - 1) % Buckets]);

    /// <summary>Takes an arrival.</summary>
    /// <returns><c>true</c> when a bucket was closed and <see cref="Drift"/> is new.</returns>
    public bool Observe(long mediaMicros, long arrivalMicros)
    {
        long offset = arrivalMicros - mediaMicros;
        if (!_started || Math.Abs(offset - OffsetMicros) > BucketMicros)
        {
            // One of the clocks was set: what was learned is void.
            _started = true;
            _closed = 0;
            Open(arrivalMicros, offset);
            return false;
        }

        if (arrivalMicros - _bucketStart < BucketMicros)
        {
            _bucketLeast = Math.Min(_bucketLeast, offset);
            return false;
        }

        _offsets[_closed % Buckets] = _bucketLeast;
        _starts[_closed % Buckets] = _bucketStart;
        _closed++;
        Open(arrivalMicros, offset);
        return true;
    }

    /// <summary>Parts per million, positive when the camera is fast; <c>null</c> until it can be told.</summary>
    public double? Drift()
    {
        if (_closed < 2)
        {
            return null;
        }

        int newest = (_closed - 1) % Buckets;
        int oldest = _closed <= Buckets ? 0 : _closed % Buckets;
        long span = _starts[newest] - _starts[oldest];
        return span < ShortestBaseMicros ? null : (double)(_offsets[oldest] - _offsets[newest]) * 1_000_000 / span;
    }

    private void Open(long start, long offset)
    {
        _bucketStart = start;
        _bucketLeast = offset;
    }
}
