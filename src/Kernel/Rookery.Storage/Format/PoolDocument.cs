// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>What a pool knows of one of its disks.</summary>
public enum DiskState
{
    /// <summary>Works.</summary>
    Online,

    /// <summary>Failed just now; it is tried again after a while.</summary>
    Suspect,

    /// <summary>Failed for good: nothing is written to it, and what it held is rebuilt elsewhere. What can be read of it is read.</summary>
    Failed,

    /// <summary>Gets nothing new; what it holds moves to other disks.</summary>
    Draining,

    /// <summary>Belongs to the pool, but is not here.</summary>
    Missing,

    /// <summary>Left the pool. Its number is not used again.</summary>
    Removed,
}

/// <summary>A disk as the pool's document names it.</summary>
internal sealed record PoolMember
{
    public required int Number { get; init; }

    /// <summary>32 hexadecimal digits.</summary>
    public required string Identity { get; init; }
    public required string Name { get; init; }
    public required long CapacityBytes { get; init; }

    /// <summary>As it is to be treated at the next start: online, failed, draining or removed. The rest is found out anew each time.</summary>
    public DiskState State { get; init; }

    /// <summary>A spare: takes no chunk before another disk has failed; <c>null</c> for no.</summary>
    public bool? IsSpare { get; init; }

    /// <summary>It is lost, and a spare took its place; <c>null</c> for no.</summary>
    public bool? HasSubstitute { get; init; }

    [JsonIgnore]
    public UInt128 Id => UInt128.Parse(Identity, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    public static string Text(UInt128 identity) => identity.ToString("x32", CultureInfo.InvariantCulture);
}

/// <summary>A retention class as the document keeps it.</summary>
internal sealed record PoolClass
{
    public required byte Id { get; init; }
    public long? MaximumAgeTicks { get; init; }
    public long? MaximumBytes { get; init; }

    /// <summary>D+P.</summary>
    public string? Layout { get; init; }

    public string? Name { get; init; }
    public long? MinimumAgeTicks { get; init; }
    public int? Priority { get; init; }

    public static PoolClass From(RetentionClass c) => new()
    {
        Id = c.Id.Value,
        MaximumAgeTicks = c.MaximumAge?.Ticks,
        MaximumBytes = c.MaximumBytes,
        Layout = c.Layout?.ToString(),
        Name = c.Name.Length == 0 ? null : c.Name,
        MinimumAgeTicks = c.MinimumAge?.Ticks,
        Priority = c.Priority == RetentionClass.DefaultPriority ? null : c.Priority,
    };

    public RetentionClass ToClass()
    {
        var result = new RetentionClass(
            new RetentionClassId(Id), MaximumAgeTicks is { } ticks ? TimeSpan.FromTicks(ticks) : null, MaximumBytes, Layout is null ? null : ChunkLayout.Parse(Layout))
        {
            Name = Name ?? "",
            MinimumAge = MinimumAgeTicks is { } least ? TimeSpan.FromTicks(least) : null,
            Priority = Priority ?? RetentionClass.DefaultPriority,
        };
        result.Validate();
        return result;
    }
}

/// <summary>A hold as the document keeps it; times in microseconds since 1970.</summary>
internal sealed record PoolHold
{
    public required string Id { get; init; }
    public required string Case { get; init; }

    /// <summary>First stream and the one behind the last, pair by pair.</summary>
    public required IReadOnlyList<ulong> Streams { get; init; }
    public required long From { get; init; }
    public required long To { get; init; }
    public long? Until { get; init; }
    public required string By { get; init; }
    public required long Made { get; init; }
    public string? Note { get; init; }

    public static PoolHold Of(Hold h) => new()
    {
        Id = h.Id,
        Case = h.Case,
        Streams = [.. h.Streams.SelectMany(s => (ulong[])[s.First.Value, s.End.Value])],
        From = h.Range.Start.Microseconds,
        To = h.Range.End.Microseconds,
        Until = h.Until?.Microseconds,
        By = h.By,
        Made = h.Made.Microseconds,
        Note = h.Note.Length == 0 ? null : h.Note,
    };

    public Hold ToHold() => new()
    {
        Id = Id,
        Case = Case,
        Streams = [.. Streams.Chunk(2).Select(pair => new StreamRange(new StreamId(pair[0]), new StreamId(pair[1])))],
        Range = new WallRange(new WallTime(From), new WallTime(To)),
        Until = Until is { } until ? new WallTime(until) : null,
        By = By,
        Made = new WallTime(Made),
        Note = Note ?? "",
    };
}

/// <summary>A chunk that was given up and of which no disk is left to say so itself.</summary>
internal sealed record PoolGiveUp(ulong Generation, ushort Frames);

/// <summary>
/// What all disks of a pool know together: members, retention classes, holds, chunks given up on disks that are gone. Changes rarely; each disk has two copies, written in turn
/// (<see cref="PoolDocumentSet"/>). Layout in docs/formats/video-store.md, "Pool document".
/// </summary>
internal sealed record PoolDocument
{
    public ulong Sequence { get; init; }

    /// <summary>Size of a zone in bytes, the same on all disks: the columns of a chunk are equally long.</summary>
    public required long ZoneBytes { get; init; }
    public IReadOnlyList<PoolMember> Members { get; init; } = [];
    public IReadOnlyList<PoolClass> Classes { get; init; } = [];
    /// <summary><c>null</c> for none.</summary>
    public IReadOnlyList<PoolHold>? Holds { get; init; }
    public IReadOnlyList<PoolGiveUp> GiveUps { get; init; } = [];

    /// <summary>Most that holds may take of the document's 384 KiB: some hundred long ones, a thousand short ones.</summary>
    public const int MaximumHoldBytes = 256 << 10;

    /// <summary>Bounds the list: older ones were of chunks that retention has long freed.</summary>
    public const int MaximumGiveUps = 256;

    public PoolMember? Find(UInt128 identity) => Members.FirstOrDefault(m => m.Identity == PoolMember.Text(identity));

    public PoolDocument With(PoolMember member) => this with { Members = [.. Members.Where(m => m.Number != member.Number).Append(member).OrderBy(m => m.Number)] };

    /// <summary>What holds take of a document.</summary>
    public static int SizeOf(IReadOnlyList<PoolHold> holds) => JsonSerializer.SerializeToUtf8Bytes(holds, PoolDocumentJson.Default.IReadOnlyListPoolHold).Length;

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, PoolDocumentJson.Default.PoolDocument);

    /// <returns><c>null</c> for anything a writer never makes.</returns>
    public static PoolDocument? Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            PoolDocument? document = JsonSerializer.Deserialize(json, PoolDocumentJson.Default.PoolDocument);
            if (document is null || document.Members.Any(m => m.Number is < 0 or > ushort.MaxValue) || document.Classes.Count > RetentionClasses.Maximum)
            {
                return null;
            }

            // Whatever cannot be read is found now, not when it is needed.
            _ = document.Members.Select(m => m.Id).ToList();
            _ = document.Classes.Select(c => c.ToClass()).ToList();
            return document.Holds?.Any(h => h.ToHold().Problem() is not null) == true ? null : document;
        }
        catch (Exception e) when (e is JsonException or FormatException or OverflowException or ArgumentException or NullReferenceException or IndexOutOfRangeException)
        {
            return null;
        }
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PoolDocument))]
[JsonSerializable(typeof(IReadOnlyList<PoolHold>))]
internal sealed partial class PoolDocumentJson : JsonSerializerContext;
