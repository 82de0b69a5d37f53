// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Storage.Tests;

public sealed class DiskGroupsTests
{
    [Theory]
    [InlineData(4, 2, "0 1|2 3")]
    [InlineData(7, 3, "0 1 2|3 4 5 6")]
    [InlineData(5, 3, "0 1 2 3 4")]
    [InlineData(2, 4, "0 1")]
    public void Groups_are_of_neighbours_and_none_is_smaller_than_asked_for(int disks, int active, string expected) =>
        string.Join('|', DiskGroups.Of(Enumerable.Range(0, disks).Reverse(), active).Select(g => string.Join(' ', g))).ShouldBe(expected);

    [Fact]
    public void A_group_with_room_goes_on_until_its_time_is_over()
    {
        Next([Room(), Room(), Room()], active: 1).ShouldBeNull();
        Next([Room(), Room(), Room()], active: 2, isTime: true).ShouldBe(0);
    }

    [Fact]
    public void A_full_group_is_followed_by_the_next_with_room() => Next([Full(1), Full(2), Room()], active: 0).ShouldBe(2);

    [Fact]
    public void When_all_are_full_it_is_the_turn_of_the_one_with_the_oldest_footage_until_another_has_older()
    {
        Next([Full(50), Full(20), Full(70)], active: 2).ShouldBe(1);
        Next([Full(50), Full(20), Full(70)], active: 1).ShouldBeNull();
        Next([Full(50), Full(51), Full(70)], active: 1).ShouldBe(0);
        Next([Full(50), Full(20), Room()], active: 2, isTime: true).ShouldBeNull();
    }

    [Fact]
    public void A_group_with_too_few_disks_that_work_is_passed_over() => Next([Full(50), new DiskGroups.Facts(Online: 1, Ready: 1, Oldest: 3)], active: 0).ShouldBeNull();

    private static DiskGroups.Facts Room() => new(Online: 2, Ready: 2, Oldest: null);

    private static DiskGroups.Facts Full(ulong oldest) => new(Online: 2, Ready: 0, oldest);

    private static int? Next(DiskGroups.Facts[] groups, int active, bool isTime = false) => DiskGroups.Next(groups, active, widest: 2, isTime);
}
