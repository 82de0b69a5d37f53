// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;
using Rookery.Media.Mp4.Reading;
using Rookery.Recording.Playback;
using Rookery.Recording.Tests.Fakes;
using Rookery.Storage;

namespace Rookery.Recording.Tests.Playback;

/// <summary>The fake store stands for the real one in the other tests; here the real one records and plays.</summary>
public sealed class RealStoreTests
{
    private static readonly ChannelId Channel = new(7);

    [Fact]
    public async Task What_the_video_store_recorded_is_exported_bit_for_bit()
    {
        MemoryDevice device = new(128 << 20);
        List<RecordedUnit> recorded;
        await using (VideoStore store = await OpenAsync(device))
        {
            ScriptedCamera camera = new(store, Channel) { PictureBytes = 4000, IsReordered = true };
            ScriptedCamera other = new(store, new ChannelId(8), seed: 2) { PictureBytes = 3000 };
            camera.Record(ScriptedCamera.Noon, TimeSpan.FromSeconds(20));
            other.Record(ScriptedCamera.Noon, TimeSpan.FromSeconds(20));
            recorded = camera.Units;
        }

        await using VideoStore again = await OpenAsync(device);
        await again.Recovered;
        PlaybackRequest request = new() { Channel = Channel, Range = new(ScriptedCamera.Noon, ScriptedCamera.Noon + TimeSpan.FromMinutes(1)) };
        Mp4Export export = (await Mp4Export.PrepareAsync(again, request, default)).ShouldNotBeNull();
        using MemoryStream file = new();
        await export.CopyToAsync(file, 0, export.LengthBytes, default);
        Mp4File read = Mp4Reader.Read(file);
        export.Gaps.ShouldBe(0);
        for (int track = 0; track < 2; track++)
        {
            RecordedUnit[] expected = [.. recorded.Where(unit => unit.Track == track)];
            IReadOnlyList<Mp4Sample> samples = read.Tracks[track].Samples;
            // Sound from before the first picture is shown has no place.
            expected = [.. expected.Skip(expected.Length - samples.Count)];
            samples.Count.ShouldBeGreaterThan(track == 0 ? 499 : 930);
            for (int i = 0; i < expected.Length; i++)
            {
                Mp4Reader.ReadSample(file, samples[i]).AsSpan().SequenceEqual(expected[i].Data).ShouldBeTrue($"track {track}, access unit {i}");
            }
        }
    }

    private static Task<VideoStore> OpenAsync(IBlockDevice device) =>
        VideoStore.OpenAsync(device, new StoreOptions { CommitInterval = TimeSpan.FromMilliseconds(100) }, TimeProvider.System);

    /// <summary>A disk in memory that outlives the store that used it.</summary>
    private sealed class MemoryDevice(int capacityBytes) : IBlockDevice
    {
        private readonly byte[] _bytes = new byte[capacityBytes];

        public string Name => "memory";

        public long CapacityBytes => _bytes.Length;

        public void Read(long offsetBytes, Span<byte> destination) => _bytes.AsSpan((int)offsetBytes, destination.Length).CopyTo(destination);

        public void Write(long offsetBytes, ReadOnlySpan<byte> source) => source.CopyTo(_bytes.AsSpan((int)offsetBytes));

        public void Flush()
        {
        }

        public void Dispose()
        {
        }
    }
}
