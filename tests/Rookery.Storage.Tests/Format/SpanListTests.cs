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
                    list.Add(Range(from, to), TimeSpan.Zero);
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
    public void Spans_a_second_apart_join_and_resolution_joins_more()
    {
        var list = new SpanList();
        list.Add(Range(0, 10), SpanList.JoinWithin);
        list.Add(Range(11, 20), SpanList.JoinWithin);
        list.Add(Range(25, 30), SpanList.JoinWithin);
        list.Count.ShouldBe(2);
        list.Query(StoreBench.Ever, TimeSpan.Zero).ShouldBe([Range(0, 20), Range(25, 30)]);
        list.Query(StoreBench.Ever, TimeSpan.FromSeconds(6)).ShouldBe([Range(0, 30)]);
        list.Query(Range(5, 26), TimeSpan.Zero).ShouldBe([Range(5, 20), Range(25, 26)]);
    }

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
