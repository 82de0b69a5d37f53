// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage.Tests;

/// <summary>The span list against the plainest model there is: a row of seconds, each recorded or not.</summary>
public sealed class SpanListTests
{
    private const int Length = 200;

    private static WallTime At(int second) => StoreBench.Start + TimeSpan.FromSeconds(second);

    private static WallRange Range(int from, int to) => new(At(from), At(to));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Adding_removing_and_asking_agree_with_a_row_of_seconds(int seed)
    {
        var random = new Random(seed);
        for (int round = 0; round < 100; round++)
        {
            var list = new SpanList();
            bool[] model = new bool[Length];
            for (int step = 0; step < 40; step++)
            {
                int from = random.Next(Length - 1);
                int to = random.Next(from + 1, Math.Min(Length, from + 30));
                bool adds = random.Next(3) > 0;
                if (adds)
                {
                    list.Add(Span(Range(from, to), run: (ulong)step + 1));
                }
                else
                {
                    list.Remove(Range(from, to));
                }

                model.AsSpan(from, to - from).Fill(adds);
                int start = random.Next(Length);
                int end = random.Next(start, Length);
                list.Query(Range(start, end), TimeSpan.Zero).ShouldBe(Expected(model, start, end), $"seed {seed} round {round} step {step}");
            }
        }
    }

    [Fact]
    public void Resolution_joins_what_is_closer()
    {
        var list = new SpanList();
        list.Add(Span(Range(0, 10), run: 1));
        list.Add(Span(Range(11, 20), run: 2));
        list.Add(Span(Range(25, 30), run: 3));
        list.Query(StoreBench.Ever, TimeSpan.Zero).ShouldBe([Range(0, 10), Range(11, 20), Range(25, 30)]);
        list.Query(StoreBench.Ever, TimeSpan.FromSeconds(2)).ShouldBe([Range(0, 20), Range(25, 30)]);
        list.Query(StoreBench.Ever, TimeSpan.FromSeconds(6)).ShouldBe([Range(0, 30)]);
        list.Query(Range(5, 26), TimeSpan.Zero).ShouldBe([Range(5, 10), Range(11, 20), Range(25, 26)]);
    }

    [Theory]
    [InlineData(100, 1)]
    [InlineData(101, 2)]
    [InlineData(900, 2)]
    public void Two_runs_are_one_span_only_when_nothing_can_be_missing_between_them(int pauseMilliseconds, int spans)
    {
        var list = new SpanList();
        list.Add(Span(Range(0, 10), run: 1));
        WallTime resumed = At(10) + TimeSpan.FromMilliseconds(pauseMilliseconds);
        list.Add(Span(new WallRange(resumed, resumed + TimeSpan.FromSeconds(5)), run: 2));
        list.Count.ShouldBe(spans);
    }

    [Fact]
    public void The_records_of_one_run_are_one_span_in_whatever_order_they_become_known()
    {
        // A camera with a picture every five seconds; chunks are read newest first after a crash.
        ChunkSpan[] parts = [.. Enumerable.Range(0, 6).Select(i => new ChunkSpan(Range(i * 10, (i * 10) + 5), 1, (uint)i, 1, (uint)i))];
        for (int seed = 0; seed < 50; seed++)
        {
            var list = new SpanList();
            ChunkSpan[] shuffled = [.. parts];
            new Random(seed).Shuffle(shuffled);
            foreach (ChunkSpan part in shuffled)
            {
                list.Add(part);
            }

            list.Query(StoreBench.Ever, TimeSpan.Zero).ShouldBe([Range(0, 55)], $"seed {seed}");
        }
    }

    [Fact]
    public void What_was_taken_away_is_not_bridged_by_the_run_it_belonged_to()
    {
        var list = new SpanList();
        list.Add(new ChunkSpan(Range(0, 20), 1, 0, 1, 4));
        list.Remove(Range(15, 20));
        list.Add(new ChunkSpan(Range(20, 30), 1, 5, 1, 6));
        list.Count.ShouldBe(2);
    }

    private static ChunkSpan Span(WallRange wall, ulong run) => new(wall, run, 0, run, 0);

    private static List<WallRange> Expected(bool[] model, int start, int end)
    {
        var result = new List<WallRange>();
        for (int i = start; i < end; i++)
        {
            if (!model[i])
            {
                continue;
            }

            int from = i;
            while (i < end && model[i])
            {
                i++;
            }

            result.Add(Range(from, i));
        }

        return result;
    }
}
