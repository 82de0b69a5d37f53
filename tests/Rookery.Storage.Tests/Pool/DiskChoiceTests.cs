// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using FsCheck;
using FsCheck.Fluent;

namespace Rookery.Storage.Tests;

public sealed class DiskChoiceTests
{
    private static readonly DiskChoice.Facts Plain = default;
    private static readonly DiskChoice.Facts Spare = new(IsSpare: true, IsIdle: false, IsSlow: false);
    private static readonly DiskChoice.Facts Idle = new(IsSpare: false, IsIdle: true, IsSlow: false);
    private static readonly DiskChoice.Facts Slow = new(IsSpare: false, IsIdle: false, IsSlow: true);

    [Fact]
    public void Slow_disks_are_avoided_when_enough_others_remain() => Chosen(3, Plain, Slow, Plain, Plain).ShouldBe([0, 2, 3]);

    [Fact]
    public void As_many_slow_disks_are_used_as_the_layout_needs() => Chosen(3, Plain, Slow, Plain, Slow).ShouldBe([0, 1, 2]);

    [Fact]
    public void Disks_of_other_groups_are_used_only_when_the_active_ones_do_not_do() =>
        (Chosen(2, Plain, Plain, Idle, Idle), Chosen(3, Plain, Plain, Idle, Idle)).ShouldSatisfyAllConditions(
            c => c.Item1.ShouldBe([0, 1]), c => c.Item2.ShouldBe([0, 1, 2, 3]));

    [Fact]
    public void Spares_are_used_only_when_there_is_nothing_else() =>
        (Chosen(3, Plain, Plain, Spare), Chosen(3, Spare, Spare)).ShouldSatisfyAllConditions(c => c.Item1.ShouldBe([0, 1]), c => c.Item2.ShouldBe([0, 1]));

    /// <summary>Whatever is avoided, a chunk is as wide as without avoiding anything but spares.</summary>
    [Fact]
    public void Width_is_never_lost()
    {
        Gen<(DiskChoice.Facts[] Disks, int Widest)> cases =
            from widest in Gen.Choose(1, 8)
            from disks in Gen.ArrayOf(
                from spare in Gen.Frequency((5, Gen.Constant(false)), (1, Gen.Constant(true)))
                from idle in Gen.Elements(false, true)
                from slow in Gen.Elements(false, true)
                select new DiskChoice.Facts(spare, idle, slow))
            select (disks, widest);
        Prop.ForAll(cases.ToArbitrary(), c =>
        {
            List<DiskChoice.Facts> chosen = DiskChoice.Of(c.Disks, static f => f, c.Widest);
            int members = c.Disks.Count(static f => !f.IsSpare);
            return Math.Min(chosen.Count, c.Widest) == Math.Min(members > 0 ? members : c.Disks.Length, c.Widest);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500).WithReplay(1, 3));
    }

    private static int[] Chosen(int widest, params DiskChoice.Facts[] disks) =>
        [.. DiskChoice.Of([.. disks.Select((f, i) => (Facts: f, Index: i))], static d => d.Facts, widest).Select(d => d.Index)];
}
