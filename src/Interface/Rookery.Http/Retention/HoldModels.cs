// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;
using Rookery.Recording;
using Rookery.Storage;

namespace Rookery.Http;

/// <summary>A hold as a caller describes it.</summary>
/// <param name="Case">The case it belongs to, 1 to 100 characters.</param>
/// <param name="Cameras">Ids of cameras, 1 to 256; removed ones, too.</param>
/// <param name="From">Start of what is held.</param>
/// <param name="To">Its end; may lie in the future.</param>
/// <param name="Until">When the hold ends by itself; null when it is released.</param>
/// <param name="Note">At most 1000 characters.</param>
internal sealed record HoldInput(string Case, IReadOnlyList<string> Cameras, WallTime From, WallTime To, WallTime? Until = null, string Note = "");

/// <summary>A member that is left out stays as it is; until is taken away by null.</summary>
internal sealed class HoldPatch
{
    private bool _hasUntil;

    public string? Case { get; init; }
    public string? Note { get; init; }

    public WallTime? Until
    {
        get;
        set => (field, _hasUntil) = (value, true);
    }

    public Hold Apply(Hold hold) => hold with { Case = Case?.Trim() ?? hold.Case, Note = Note?.Trim() ?? hold.Note, Until = _hasUntil ? Until : hold.Until };
}

/// <param name="Id">Names it.</param>
/// <param name="Case">See the input.</param>
/// <param name="Cameras">Ids of cameras.</param>
/// <param name="From">See the input.</param>
/// <param name="To">See the input.</param>
/// <param name="Until">See the input.</param>
/// <param name="By">Who made it.</param>
/// <param name="Made">When.</param>
/// <param name="Note">See the input.</param>
/// <param name="Active">It has not ended.</param>
internal sealed record HoldView(
    string Id, string Case, IReadOnlyList<string> Cameras, WallTime From, WallTime To, WallTime? Until, string By, WallTime Made, string Note, bool Active)
{
    public static HoldView Of(Hold hold, WallTime now) => new(
        hold.Id, hold.Case, [.. hold.Streams.Select(streams => ChannelId.Of(streams).ToString())], hold.Range.Start, hold.Range.End, hold.Until, hold.By, hold.Made, hold.Note,
        !(hold.Until <= now));
}

/// <param name="Items">The one made first first.</param>
/// <param name="HeldBytes">Room that cannot be freed because of them.</param>
/// <param name="CapacityBytes">Of so much.</param>
/// <param name="QuotaBytes">Above it there is a warning.</param>
/// <param name="FullInDays">At the present rate recording has no room then; null when they do not grow.</param>
/// <param name="Estimate">A part was not looked at yet.</param>
/// <param name="Warning">In words; null when there is no reason for one.</param>
internal sealed record HoldList(IReadOnlyList<HoldView> Items, long HeldBytes, long CapacityBytes, long QuotaBytes, double? FullInDays, bool Estimate, string? Warning);

/// <param name="Id">The hold.</param>
/// <param name="Case">Its case.</param>
/// <param name="Start">Start of what it keeps of the range that was asked for.</param>
/// <param name="End">Its end.</param>
internal sealed record HeldRangeView(string Id, string Case, WallTime Start, WallTime End);

internal static class HoldViews
{
    /// <summary>What active holds keep of a camera in a range.</summary>
    public static IReadOnlyList<HeldRangeView> On(ChannelId channel, WallRange range, IRetentionControl retention, WallTime now) =>
    [
        .. retention.Holds.Where(hold => hold.Range.Overlaps(range) && !(hold.Until <= now) && hold.Streams.Any(streams => streams == channel.Streams))
            .Select(hold => (hold, held: hold.Range.Intersect(range))).OrderBy(pair => pair.held.Start)
            .Select(pair => new HeldRangeView(pair.hold.Id, pair.hold.Case, pair.held.Start, pair.held.End)),
    ];
}
