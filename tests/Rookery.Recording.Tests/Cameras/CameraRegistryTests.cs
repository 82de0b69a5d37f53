// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Recording.Tests;

public sealed class CameraRegistryTests
{
    private readonly CamerasInMemory _repository = new();

    [Fact]
    public void Numbers_are_never_given_twice()
    {
        CameraRegistry registry = new(_repository);
        ChannelId first = registry.Add(Camera()).Id;
        registry.Remove(first).ShouldBeTrue();
        registry.Add(Camera()).Id.ShouldNotBe(first);
        new CameraRegistry(_repository).Add(Camera()).Id.Value.ShouldBe(3UL);
    }

    [Fact]
    public void A_removed_camera_is_listed_only_when_asked_for_and_cannot_be_changed()
    {
        CameraRegistry registry = new(_repository);
        ChannelId id = registry.Add(Camera()).Id;
        registry.Remove(id);
        registry.List().ShouldBeEmpty();
        registry.List(includeRemoved: true).ShouldHaveSingleItem().Removed.ShouldBeTrue();
        registry.Update(id, camera => camera with { Name = "other" }).ShouldBeNull();
    }

    [Theory]
    [InlineData("http://host/", "rtsp://")]
    [InlineData("rtsp://user:secret@host/", "their own fields")]
    public void Addresses_that_cannot_work_are_refused_with_a_reason(string url, string reason) =>
        Should.Throw<CameraRefusedException>(() => new CameraRegistry(_repository).Add(Camera() with { Source = new CameraSource(new Uri(url), null, null, MediaTransport.Auto) }))
            .Message.ShouldContain(reason);

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("Gate\u001b[2J")]
    public void A_camera_has_a_name(string name) =>
        Should.Throw<CameraRefusedException>(() => new CameraRegistry(_repository).Add(Camera() with { Name = name }));

    [Fact]
    public void Every_allowed_retention_has_a_class_of_its_own()
    {
        int[] days = [.. Enumerable.Range(1, 4000).Where(day => RetentionPolicy.IsValid(day))];
        days.Length.ShouldBe(194);
        days.Select(day => RetentionPolicy.ClassOf(day).Id).Distinct().Count().ShouldBe(days.Length);
        days.ShouldAllBe(day => RetentionPolicy.ClassOf(day).MaximumAge == TimeSpan.FromDays(day));
        days.ShouldAllBe(day => !RetentionPolicy.IsOwn(RetentionPolicy.ClassOf(day).Id.Value));
        RetentionPolicy.ClassOf(null).Id.Value.ShouldBe((byte)0);
        Should.Throw<ArgumentOutOfRangeException>(() => RetentionPolicy.ClassOf(241));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(30)]
    [InlineData(255)]
    public void A_camera_is_given_only_classes_that_people_define(int retentionClass) =>
        Should.Throw<CameraRefusedException>(() => new CameraRegistry(_repository).Add(Camera() with { RetentionClass = retentionClass })).Message.ShouldContain("200 to 254");

    [Fact]
    public void All_streams_of_a_camera_lie_side_by_side_and_no_other_cameras_among_them()
    {
        var camera = new ChannelId(7);
        camera.Streams.Contains(new TrackKey(camera, StreamRole.Main, 0).ToStreamId()).ShouldBeTrue();
        camera.Streams.Contains(new TrackKey(camera, StreamRole.Sub, 255).ToStreamId()).ShouldBeTrue();
        camera.Streams.Contains(new TrackKey(new ChannelId(6), StreamRole.Sub, 255).ToStreamId()).ShouldBeFalse();
        camera.Streams.Contains(new TrackKey(new ChannelId(8), StreamRole.Main, 0).ToStreamId()).ShouldBeFalse();
        ChannelId.Of(camera.Streams).ShouldBe(camera);
    }

    [Fact]
    public void What_could_not_be_saved_does_not_take_effect()
    {
        CameraRegistry registry = new(_repository);
        ChannelId id = registry.Add(Camera()).Id;
        _repository.IsBroken = true;
        Should.Throw<IOException>(() => registry.Update(id, camera => camera with { Name = "new" }));
        registry.Find(id)!.Name.ShouldBe("gate");
    }

    [Fact]
    public void More_retention_times_than_a_disk_keeps_apart_are_refused_and_a_camera_can_still_be_changed_and_removed()
    {
        CameraRegistry registry = new(_repository);
        for (int days = 1; days < CameraRegistry.MaximumRetentionTimes; days++)
        {
            registry.Add(Camera() with { RetentionDays = days });
        }

        Should.Throw<CameraRefusedException>(() => registry.Add(Camera() with { RetentionDays = 90 })).Message.ShouldContain("in use: 1, 2, 3");
        registry.Add(Camera());
        ChannelId id = registry.Add(Camera() with { RetentionDays = 23 }).Id;
        registry.Update(id, camera => camera with { Name = "yard" })!.Name.ShouldBe("yard");
        registry.Remove(new ChannelId(1)).ShouldBeTrue();
        registry.Update(id, camera => camera with { RetentionDays = 90 })!.RetentionDays.ShouldBe(90);
    }

    private static Camera Camera() => new()
    {
        Id = default, Name = "gate", Recording = RecordingMode.Continuous, Source = new CameraSource(new Uri("rtsp://192.0.2.1/1"), null, null, MediaTransport.Auto),
    };
}
