// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Recording.Tests;

public sealed class SettingsStoreTests : IDisposable
{
    private readonly string _path = Path.Combine(Directory.CreateTempSubdirectory("rookery-settings-").FullName, "data");

    [Fact]
    public void Cameras_come_back_as_they_were_saved()
    {
        Camera gate = new()
        {
            Id = new ChannelId(7), Name = "Gate 門", Source = new CameraSource(new Uri("rtsp://192.0.2.1:554/a?b=c"), "user", "pass:word", MediaTransport.Udp),
            Recording = RecordingMode.Continuous, RetentionDays = 30, RetentionClass = 200,
        };
        Camera bare = new()
        {
            Id = new ChannelId(8), Name = "Yard", Source = new CameraSource(new Uri("rtsps://yard/1"), null, null, MediaTransport.Auto), Recording = RecordingMode.Off, Removed = true,
        };
        Use(settings =>
        {
            SqliteCameraRepository cameras = new(settings);
            cameras.Save(gate with { Name = "before" });
            cameras.Save(gate);
            cameras.Save(bare);
        });
        Use(settings => new SqliteCameraRepository(settings).Load().ShouldBe([gate, bare]));
    }

    [Fact]
    public void Without_its_key_file_a_stored_password_is_gone_and_the_rest_is_there()
    {
        Camera gate = new() { Id = new ChannelId(1), Name = "Gate", Source = new CameraSource(new Uri("rtsp://g/1"), "u", "p", MediaTransport.Auto), Recording = RecordingMode.Off };
        Use(settings => new SqliteCameraRepository(settings).Save(gate));
        File.Delete(Path.Combine(_path, "camera-passwords.key"));
        Use(settings => new SqliteCameraRepository(settings).Load().Single().ShouldBe(gate with { Source = gate.Source with { Password = null } }));
    }

    [Fact]
    public void Only_the_first_of_two_first_users_is_made()
    {
        Use(settings =>
        {
            UserStore users = new(settings);
            users.TryAddFirst(new User("ann", "h"), default).ShouldBeTrue();
            users.TryAddFirst(new User("eve", "h"), default).ShouldBeFalse();
            users.Find("ANN")!.Name.ShouldBe("ann");
            users.Find("eve").ShouldBeNull();
        });
    }

    [Fact]
    public void Sessions_are_kept_until_they_end()
    {
        Use(settings =>
        {
            UserStore users = new(settings);
            users.TryAddFirst(new User("ann", "h"), default);
            users.SaveSession(new StoredSession([1], "ann", new WallTime(10)));
            users.SaveSession(new StoredSession([2], "ann", new WallTime(20)));
            users.SaveSession(new StoredSession([1], "ann", new WallTime(30)));
            users.RemoveSessionsUntil(new WallTime(20));
            users.Sessions().Select(session => session.Expires).ShouldBe([new WallTime(30)]);
        });
    }

    [Fact]
    public void Files_are_their_owner_s_alone_and_one_process_has_the_directory()
    {
        const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using DataDirectory directory = DataDirectory.Open(_path);
        using SettingsStore settings = SettingsStore.Open(directory);
        File.GetUnixFileMode(_path).ShouldBe(OwnerOnly | UnixFileMode.UserExecute);
        File.GetUnixFileMode(directory.SettingsFile).ShouldBe(OwnerOnly);
        File.GetUnixFileMode(Path.Combine(_path, "camera-passwords.key")).ShouldBe(OwnerOnly);
        Should.Throw<SettingsException>(() => DataDirectory.Open(_path)).Message.ShouldContain("another Rookery");
    }

    [Fact]
    public void A_run_that_did_not_end_in_order_is_known_at_the_next_start()
    {
        using (DataDirectory directory = DataDirectory.Open(_path))
        {
            directory.BeginRun().ShouldBeTrue();
        }

        using (DataDirectory directory = DataDirectory.Open(_path))
        {
            directory.BeginRun().ShouldBeFalse();
            directory.EndRun();
        }

        using DataDirectory last = DataDirectory.Open(_path);
        last.BeginRun().ShouldBeTrue();
    }

    [Fact]
    public void Settings_that_are_damaged_or_too_new_are_refused_with_what_to_do()
    {
        Use(settings => settings.Execute("PRAGMA user_version = 99"));
        Should.Throw<SettingsException>(() => Use(_ => { })).Message.ShouldContain("newer Rookery");
        File.WriteAllBytes(Path.Combine(_path, "settings.db"), [.. Enumerable.Repeat((byte)0x55, 8192)]);
        Should.Throw<SettingsException>(() => Use(_ => { })).Message.ShouldContain("backup");
    }

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_path)!, recursive: true);

    private void Use(Action<SettingsStore> act)
    {
        using DataDirectory directory = DataDirectory.Open(_path);
        using SettingsStore settings = SettingsStore.Open(directory);
        act(settings);
    }
}
