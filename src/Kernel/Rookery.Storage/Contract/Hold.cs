// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>Streams whose numbers lie side by side: <c>[First, End)</c>. The layers above give all streams of a camera such a range, also those it does not have yet.</summary>
public readonly record struct StreamRange(StreamId First, StreamId End)
{
    public bool Contains(StreamId stream) => stream.Value >= First.Value && stream.Value < End.Value;
}

/// <summary>
/// Footage that must not go, whatever its retention class, its quota, or the need for space says: evidence. Nothing that a hold covers is freed as long as the hold is active.
/// </summary>
public sealed record Hold
{
    /// <summary>Longest <see cref="Id"/>, <see cref="Case"/> and <see cref="By"/>, in UTF-16 units.</summary>
    public const int MaximumNameLength = 100;

    public const int MaximumNoteLength = 1000;
    public const int MaximumStreams = 256;

    /// <summary>Names the hold; unique in the pool.</summary>
    public required string Id { get; init; }

    /// <summary>The case it belongs to, in the words of those who keep cases.</summary>
    public required string Case { get; init; }

    /// <summary>Whose footage; at least one.</summary>
    public required IReadOnlyList<StreamRange> Streams { get; init; }

    /// <summary>Which capture times. May lie in the future: what will be recorded then is held as well.</summary>
    public required WallRange Range { get; init; }

    /// <summary>When the hold ends by itself; <c>null</c>: when somebody releases it.</summary>
    public WallTime? Until { get; init; }

    /// <summary>Who made it.</summary>
    public required string By { get; init; }

    /// <summary>When.</summary>
    public required WallTime Made { get; init; }
    public string Note { get; init; } = "";

    /// <summary>It covers footage of a stream in a time.</summary>
    public bool Covers(StreamId stream, WallRange wall) => Range.Overlaps(wall) && CoversStream(stream);

    internal bool CoversStream(StreamId stream)
    {
        foreach (StreamRange range in Streams)
        {
            if (range.Contains(stream))
            {
                return true;
            }
        }

        return false;
    }

    /// <returns>What is wrong with it, in words; <c>null</c> when nothing is.</returns>
    internal string? Problem() => this switch
    {
        { Id: "" } or { Id.Length: > MaximumNameLength } => $"A hold's id has 1 to {MaximumNameLength} characters.",
        { Case: "" } or { Case.Length: > MaximumNameLength } => $"A hold's case has 1 to {MaximumNameLength} characters.",
        { By: "" } or { By.Length: > MaximumNameLength } => $"The name of who made a hold has 1 to {MaximumNameLength} characters.",
        { Note.Length: > MaximumNoteLength } => $"A hold's note has at most {MaximumNoteLength} characters.",
        { Streams.Count: 0 or > MaximumStreams } => $"A hold covers 1 to {MaximumStreams} cameras.",
        { Range.IsEmpty: true } => "A hold's range ends after it begins.",
        _ => null,
    };
}
