// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Media.Rtp;

/// <summary>What a reorder buffer met. Counts only grow.</summary>
public record struct ReorderCounters
{
    /// <summary>Packets handed on.</summary>
    public long Delivered { get; internal set; }

    /// <summary>Sequence numbers that were given up.</summary>
    public long Lost { get; internal set; }

    /// <summary>Packets that came twice, or after they were given up.</summary>
    public long LateOrDuplicate { get; internal set; }

    /// <summary>Datagrams that are not RTP.</summary>
    public long Malformed { get; internal set; }
}

/// <summary>
/// Puts packets of one source that came by UDP in order. A missing packet is waited for until as many as the window holds came after it, or until
/// <see cref="Tick"/> finds that the longest delay is over; then it is lost.
/// </summary>
/// <remarks>
/// Not safe for several threads. Memory is rented only while a packet waits: <see cref="SlotBytes"/> for each of the window.
/// The owner calls <see cref="Tick"/> about every <see cref="MaximumDelay"/> while <see cref="IsWaiting"/>, after it has read all that came: an owner that had no
/// processor time for a second must not take for lost what lies in its socket. So taking a packet gives up nothing by time.
/// </remarks>
public sealed class ReorderBuffer : IDisposable
{
    /// <summary>Packets in the window. At 4 Mbit/s 32 packets are 90 ms: more than networks of one site swap.</summary>
    public const int Window = 32;

    /// <summary>Room for the largest datagram of Ethernet; a larger one (fragmented by IP) that came too early costs the packets before it.</summary>
    public const int SlotBytes = 2048;

    // RFC 3550 A.1: a sender that began anew shows in two consecutive numbers far from the expected one.
    private const int RestartDistance = 3000;

    private readonly BlockPool _pool;
    private readonly IRtpPacketSink _sink;
    private readonly int[] _lengths = new int[Window];
    private readonly MonotonicTime[] _arrivals = new MonotonicTime[Window];
    private Block? _block;
    private int _held;
    private bool _started;
    private bool _lossBefore;
    private ushort _next;
    private int _restartCandidate = -1;
    private ReorderCounters _counters;

    public ReorderBuffer(BlockPool pool, IRtpPacketSink sink, TimeSpan? maximumDelay = null)
    {
        _pool = pool;
        _sink = sink;
        MaximumDelay = maximumDelay ?? TimeSpan.FromMilliseconds(100);
    }

    /// <summary>Default 100 ms: the delay a viewer would notice begins there.</summary>
    public TimeSpan MaximumDelay { get; }

    /// <summary>Packets wait for one before them.</summary>
    public bool IsWaiting => _held > 0;

    public ReorderCounters Counters => _counters;

    /// <param name="datagram">Copied when it has to wait.</param>
    /// <param name="now">When it was received.</param>
    public void Push(ReadOnlySpan<byte> datagram, MonotonicTime now)
    {
        if (!RtpPacket.TryParse(datagram, out RtpPacket packet, out _))
        {
            _counters.Malformed++;
            return;
        }

        if (!_started)
        {
            _started = true;
            _next = packet.SequenceNumber;
        }

        int ahead = (short)(packet.SequenceNumber - _next);
        if (ahead is >= RestartDistance or <= -RestartDistance && !TryRestart(packet.SequenceNumber, ref ahead))
        {
            return;
        }

        _restartCandidate = -1;
        if (ahead < 0)
        {
            _counters.LateOrDuplicate++;
        }
        else if (ahead == 0)
        {
            Deliver(in packet);
            DeliverHeld();
        }
        else
        {
            Hold(datagram, in packet, now);
        }
    }

    /// <summary>Gives up what has been waited for long enough. To be called when nothing is left to read.</summary>
    public void Tick(MonotonicTime now)
    {
        while (_held > 0 && now - _arrivals[FirstHeld() % Window] >= MaximumDelay)
        {
            SkipTo(FirstHeld());
            DeliverHeld();
        }
    }

    /// <summary>Hands on all that waits: nothing more will come.</summary>
    public void Flush()
    {
        while (_held > 0)
        {
            SkipTo(FirstHeld());
            DeliverHeld();
        }
    }

    public void Dispose()
    {
        _block?.Release();
        _block = null;
        _held = 0;
    }

    private bool TryRestart(ushort sequenceNumber, ref int ahead)
    {
        if (sequenceNumber != _restartCandidate)
        {
            _restartCandidate = (ushort)(sequenceNumber + 1);
            _counters.LateOrDuplicate++;
            return false;
        }

        Flush();
        _next = sequenceNumber;
        _lossBefore = true;
        ahead = 0;
        return true;
    }

    private void Hold(ReadOnlySpan<byte> datagram, in RtpPacket packet, MonotonicTime now)
    {
        // The window moves on until this packet is in it.
        while ((ushort)(packet.SequenceNumber - _next) >= Window)
        {
            ushort last = (ushort)(packet.SequenceNumber - Window + 1);
            ushort target = _held > 0 ? FirstHeld() : last;
            SkipTo((short)(target - last) < 0 ? target : last);
            DeliverHeld();
        }

        if (packet.SequenceNumber != _next && datagram.Length <= SlotBytes && (_block ??= _pool.TryRent(Window * SlotBytes)) is { } block)
        {
            int slot = packet.SequenceNumber % Window;
            if (_lengths[slot] != 0)
            {
                _counters.LateOrDuplicate++;
                return;
            }

            datagram.CopyTo(block.Span[(slot * SlotBytes)..]);
            _lengths[slot] = datagram.Length;
            _arrivals[slot] = now;
            _held++;
            return;
        }

        // Without a place to wait it goes at once, after all that does wait before it.
        while (_held > 0 && (short)(FirstHeld() - packet.SequenceNumber) < 0)
        {
            SkipTo(FirstHeld());
            DeliverHeld();
        }

        if ((short)(packet.SequenceNumber - _next) >= 0)
        {
            SkipTo(packet.SequenceNumber);
            Deliver(in packet);
            DeliverHeld();
        }
    }

    private ushort FirstHeld()
    {
        ushort at = _next;
        while (_lengths[at % Window] == 0)
        {
            at++;
        }

        return at;
    }

    private void SkipTo(ushort sequenceNumber)
    {
        int missing = (ushort)(sequenceNumber - _next);
        _counters.Lost += missing;
        _lossBefore |= missing > 0;
        _next = sequenceNumber;
    }

    private void DeliverHeld()
    {
        while (_held > 0 && _lengths[_next % Window] is > 0 and int length)
        {
            int slot = _next % Window;
            _lengths[slot] = 0;
            _held--;
            if (RtpPacket.TryParse(_block!.Span.Slice(slot * SlotBytes, length), out RtpPacket packet, out _))
            {
                Deliver(in packet);
            }
        }

        if (_held == 0 && _block is not null)
        {
            _block.Release();
            _block = null;
        }
    }

    private void Deliver(in RtpPacket packet)
    {
        bool lossBefore = _lossBefore;
        _lossBefore = false;
        _next = (ushort)(packet.SequenceNumber + 1);
        _counters.Delivered++;
        _sink.OnPacket(in packet, lossBefore);
    }
}
