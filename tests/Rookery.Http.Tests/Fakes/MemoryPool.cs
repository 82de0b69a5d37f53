// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;
using Rookery.Storage;

namespace Rookery.Http.Tests;

/// <summary>A pool of three disks that does what it is told, as far as its survey shows.</summary>
internal sealed class MemoryPool : IPoolControl
{
    public const long ZoneBytes = 256L << 20;

    public List<SurveyedDisk> Disks { get; } =
    [
        Disk(0, DiskState.Online), Disk(1, DiskState.Online), Disk(2, DiskState.Online),
    ];

    public double? RoomPerSecond { get; set; } = 10e6;
    public bool IsScrubbing { get; private set; }

    /// <summary>What the next change is refused with.</summary>
    public Exception? Refusal { get; set; }
    public List<string> Done { get; } = [];

    public static SurveyedDisk Disk(int number, DiskState state, long onlyHereBytes = 0) => new(number, $"/mnt/{(char)('a' + number)}/video.disk", state, 4000, 1000)
    {
        Columns = [new ColumnsOnDisk(new ChunkLayout(2, 1), 3000, 3000 * ZoneBytes)],
        OnlyHereBytes = onlyHereBytes,
    };

    public PoolSurvey Survey() => new()
    {
        At = WallTime.From(RunningWeb.Begin),
        ZoneBytes = ZoneBytes,
        ZonesKeptFree = 2,
        Disks = [.. Disks.OrderBy(d => d.Number)],
        Classes =
        [
            new SurveyedClass(new RetentionClass(new RetentionClassId(0), null, null))
            {
                Layout = new ChunkLayout(2, 1),
                Chunks = 3000,
                Zones = 9000,
                FootageBytes = 6000 * ZoneBytes,
                Oldest = WallTime.From(RunningWeb.Begin - TimeSpan.FromDays(10)),
                Bears = 1,
                RoomPerSecond = RoomPerSecond,
            },
        ],
        RebuildBytesPerSecond = 100 << 20,
        Rebuild = new RebuildStatus(0, 0, 0, 0, null),
        Scrub = new ScrubStatus(10, 3000, IsScrubbing, null, null, 0),
    };

    public Task<int> AddDiskAsync(IBlockDevice device, bool isSpare = false) => ChangeAsync("add", () =>
    {
        Disks.Add(Disk(Disks.Count, DiskState.Online) with { Name = device.Name, FreeZones = 4000, Columns = [] });
        return Disks.Count - 1;
    });

    public Task SetSpareAsync(int number, bool isSpare) => ChangeAsync(isSpare ? "spare" : "no spare", () =>
    {
        Disks[Disks.FindIndex(d => d.Number == number)] = Disks.Find(d => d.Number == number)! with { IsSpare = isSpare };
        return 0;
    });

    public Task DrainAsync(int number) => SetAsync("drain", number, DiskState.Draining);

    public Task UseAgainAsync(int number) => SetAsync("use again", number, DiskState.Online);

    public Task RemoveAsync(int number) => ChangeAsync("remove", () => Disks.RemoveAll(d => d.Number == number));

    public async Task<int> ReplaceAsync(int number, IBlockDevice device)
    {
        int added = await AddDiskAsync(device);
        await SetAsync("replace", number, DiskState.Draining);
        return added;
    }

    public void StartScrub() => IsScrubbing = true;

    public void StopScrub() => IsScrubbing = false;

    private Task SetAsync(string what, int number, DiskState state) => ChangeAsync(what, () =>
    {
        Disks[Disks.FindIndex(d => d.Number == number)] = Disks.Find(d => d.Number == number)! with { State = state };
        return 0;
    });

    private Task<int> ChangeAsync(string what, Func<int> change)
    {
        if (Refusal is { } refusal)
        {
            return Task.FromException<int>(refusal);
        }

        Done.Add(what);
        return Task.FromResult(change());
    }
}
