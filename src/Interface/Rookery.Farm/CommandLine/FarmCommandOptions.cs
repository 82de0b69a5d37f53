// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Farm.Clips;

namespace Rookery.Farm.CommandLine;

/// <summary>What <c>rookery farm</c> was asked for.</summary>
public sealed record FarmCommandOptions
{
    public FarmServerOptions Server { get; init; } = new() { Port = DefaultPort };

    /// <summary>8554, the port that programs take which may not listen on RTSP's own 554.</summary>
    public const int DefaultPort = 8554;

    /// <summary>MP4 files to repeat; none makes pictures.</summary>
    public IReadOnlyList<string> Clips { get; init; } = [];

    /// <summary>Sound of all cameras; <c>null</c> takes what the clips have, and AAC for made ones.</summary>
    public FarmAudio? Audio { get; init; }

    /// <summary>How pictures are made; <see cref="PictureSpec.Picture"/> and size aside.</summary>
    public PictureSpec Picture { get; init; } = new();

    /// <summary>How many different pictures are made, 1 to 4.</summary>
    public int Pictures { get; init; } = PictureSpec.PictureCount;

    /// <summary>Each picture is made in each of these sizes; cameras begin with the first one.</summary>
    public IReadOnlyList<(int Width, int Height)> Sizes { get; init; } = [(1920, 1080)];

    /// <summary>Where made clips are kept.</summary>
    public required string CacheFolder { get; init; }

    /// <summary>Written when all cameras can be reached: one URL a line, then the control channel's; <c>null</c> for none.</summary>
    public string? ReadyFile { get; init; }

    /// <summary>The pictures to make: those of the first size first, so that cameras take them in turn.</summary>
    public IEnumerable<PictureSpec> Specs() =>
        from size in Sizes
        from picture in Enumerable.Range(0, Math.Clamp(Pictures, 1, PictureSpec.PictureCount))
        select Picture with { Picture = picture, Width = size.Width, Height = size.Height };

    /// <summary>Clips that cameras begin with; those after them are for changes of resolution.</summary>
    public int FirstClips(int loaded) => Clips.Count > 0 ? loaded : loaded / Sizes.Count;
}
