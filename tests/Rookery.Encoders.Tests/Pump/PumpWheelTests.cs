// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Encoders.Tests.Pump;

public sealed class PumpWheelTests
{
    private static readonly MonotonicTime Begin = new(7_123_456_789);

    private sealed class Nobody : IPumped
    {
        public PumpPace Pump(Span<byte> buffer, MonotonicTime now) => PumpPace.Done;

        public void Abandon(Exception? fault)
        {
        }
    }

    /// <summary>Goal: what "every 100 ms, evenly spread" promises. Method: 500 who gather, three seconds, counted by slot.</summary>
    [Fact]
    public void Those_who_gather_come_ten_times_a_second_on_a_grid_and_evenly_spread()
    {
        PumpWheel wheel = new(Begin);
        Dictionary<IPumped, int> turns = [];
        for (int i = 0; i < 500; i++)
        {
            PumpWheel.Entry entry = new(new Nobody(), i % 5);
            turns[entry.Item] = 0;
            wheel.Schedule(entry, PumpPace.Gather);
        }

        List<int> batches = [];
        for (MonotonicTime now = Begin; now < Begin + TimeSpan.FromSeconds(3); now += TimeSpan.FromMilliseconds(1))
        {
            while (wheel.TakeDue(now) is { } due)
            {
                batches.Add(due.Count);
                foreach (PumpWheel.Entry entry in due)
                {
                    turns[entry.Item]++;
                    wheel.Schedule(entry, PumpPace.Gather);
                }

                wheel.Recycle(due);
            }
        }

        turns.Values.ShouldAllBe(count => count == 30);
        batches.ShouldAllBe(size => size == 100);
        batches.Count.ShouldBe(150);
    }

    [Theory]
    [InlineData(nameof(PumpPace.Handshake), 5)]
    [InlineData(nameof(PumpPace.Live), 10)]
    [InlineData(nameof(PumpPace.Busy), 20)]
    public void Other_paces_are_kept(string pace, int milliseconds)
    {
        PumpWheel wheel = new(Begin);
        wheel.Schedule(new(new Nobody(), 0), Enum.Parse<PumpPace>(pace));

        TimeSpan wait = wheel.UntilNext(Begin).ShouldNotBeNull();

        wait.TotalMilliseconds.ShouldBeInRange(0, milliseconds);
        wheel.TakeDue(Begin + wait - TimeSpan.FromMilliseconds(0.1)).ShouldBeNull();
        wheel.TakeDue(Begin + wait).ShouldNotBeNull().Count.ShouldBe(1);
    }

    /// <summary>Goal: an overload that does not feed on itself. Method: ten handshakes and a thread that is 200 ms late.</summary>
    [Fact]
    public void Who_was_missed_often_comes_once()
    {
        PumpWheel wheel = new(Begin);
        for (int i = 0; i < 10; i++)
        {
            wheel.Schedule(new(new Nobody(), 0), PumpPace.Handshake);
        }

        int turns = 0;
        while (wheel.TakeDue(Begin + TimeSpan.FromMilliseconds(200)) is { } due)
        {
            foreach (PumpWheel.Entry entry in due)
            {
                turns++;
                wheel.Schedule(entry, PumpPace.Handshake);
            }

            wheel.Recycle(due);
        }

        turns.ShouldBe(10);
        wheel.UntilNext(Begin + TimeSpan.FromMilliseconds(200)).ShouldNotBeNull().TotalMilliseconds.ShouldBeInRange(0, 5);
    }

    [Fact]
    public void After_a_long_sleep_everybody_comes_once()
    {
        PumpWheel wheel = new(Begin);
        for (int i = 0; i < 5; i++)
        {
            wheel.Schedule(new(new Nobody(), i), PumpPace.Gather);
        }

        int count = 0;
        MonotonicTime later = Begin + TimeSpan.FromSeconds(10);
        while (wheel.TakeDue(later) is { } due)
        {
            count += due.Count;
            wheel.Recycle(due);
        }

        count.ShouldBe(5);
        wheel.UntilNext(later).ShouldBeNull();
    }
}
