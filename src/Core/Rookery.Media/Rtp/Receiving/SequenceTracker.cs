// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Media.Rtp;

/// <summary>Where a packet stands among those before it.</summary>
public enum SequenceOrder : byte
{
    /// <summary>The next one, or the first.</summary>
    Next,

    /// <summary>Some before it are missing.</summary>
    AfterLoss,

    /// <summary>Already passed: a duplicate, or too late. To be dropped where packets cannot overtake each other (TCP).</summary>
    Behind,

    /// <summary>Far from what was expected, twice in a row: the sender began anew (RFC 3550 A.1).</summary>
    Restart,
}

/// <summary>Follows the sequence numbers of one source and counts for receiver reports (RFC 3550 §6.4.1, A.1, A.3, A.8).</summary>
public struct SequenceTracker
{
    // RFC 3550 A.1: a jump of more than this forward, or MaxMisorder back, is believed only when the next packet follows it.
    private const int MaxDropout = 3000;
    private const int MaxMisorder = 100;

    private bool _started;
    private ushort _highest;
    private long _cycles;
    private ushort _first;
    private int _restartCandidate;
    private long _expectedAtReport;
    private long _receivedAtReport;
    private uint _lastTransit;
    private double _jitter;

    /// <summary>Packets taken, duplicates and late ones included.</summary>
    public long Received { get; private set; }

    /// <summary>Gaps times their width, as seen when they were jumped over; a late packet does not take it back.</summary>
    public long MissedBeforeOrder { get; private set; }

    /// <summary>Packets at or before the highest number seen.</summary>
    public long Behind { get; private set; }

    /// <summary>Highest sequence number with the count of its wraps in the upper 16 bits.</summary>
    public readonly uint ExtendedHighest => (uint)(_cycles + _highest);

    /// <summary>Interarrival jitter in units of the clock rate (§6.4.1).</summary>
    public readonly uint Jitter => (uint)_jitter;

    public SequenceOrder Track(ushort sequenceNumber)
    {
        if (!_started)
        {
            Restart(sequenceNumber);
            Received = 1;
            return SequenceOrder.Next;
        }

        int step = (short)(sequenceNumber - _highest);
        if (step is > MaxDropout or < -MaxMisorder)
        {
            if (sequenceNumber == _restartCandidate)
            {
                Restart(sequenceNumber);
                Received++;
                return SequenceOrder.Restart;
            }

            _restartCandidate = (ushort)(sequenceNumber + 1);
            Behind++;
            return SequenceOrder.Behind;
        }

        Received++;
        _restartCandidate = -1;
        if (step <= 0)
        {
            Behind++;
            return SequenceOrder.Behind;
        }

        if (sequenceNumber < _highest)
        {
            _cycles += 0x10000;
        }

        _highest = sequenceNumber;
        if (step == 1)
        {
            return SequenceOrder.Next;
        }

        MissedBeforeOrder += step - 1;
        return SequenceOrder.AfterLoss;
    }

    /// <summary>Takes the arrival of a packet for the jitter estimate.</summary>
    /// <param name="arrival">On any clock, in units of the RTP clock rate, modulo 2^32.</param>
    /// <param name="timestamp">The packet's.</param>
    public void TrackArrival(uint arrival, uint timestamp)
    {
        uint transit = arrival - timestamp;
        if (Received > 1)
        {
            double difference = Math.Abs((double)(int)(transit - _lastTransit));
            _jitter += (difference - _jitter) / 16;
        }

        _lastTransit = transit;
    }

    /// <summary>Makes the block of a receiver report and begins the next interval of the fraction lost.</summary>
    public ReportBlock Report(uint ssrc, uint lastSenderReport, uint delaySinceLastSenderReport)
    {
        long expected = _started ? ExtendedHighest - (long)_first + 1 : 0;
        long lost = expected - Received;
        long expectedInterval = expected - _expectedAtReport;
        long lostInterval = expectedInterval - (Received - _receivedAtReport);
        _expectedAtReport = expected;
        _receivedAtReport = Received;
        byte fraction = expectedInterval <= 0 || lostInterval <= 0 ? (byte)0 : (byte)Math.Min(255, (lostInterval << 8) / expectedInterval);
        return new ReportBlock(
            ssrc, fraction, (int)Math.Clamp(lost, -0x800000, 0x7FFFFF), ExtendedHighest, Jitter, lastSenderReport, delaySinceLastSenderReport);
    }

    private void Restart(ushort sequenceNumber)
    {
        // Counters that a report shows begin anew with the sender; those for the operator go on.
        _started = true;
        _highest = sequenceNumber;
        _first = sequenceNumber;
        _cycles = 0;
        _restartCandidate = -1;
        _expectedAtReport = 0;
        _receivedAtReport = 0;
        Received = 0;
    }
}
