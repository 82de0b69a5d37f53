// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Microsoft.Data.Sqlite;

namespace Rookery.Recording;

/// <summary>Cameras in the settings database; passwords are sealed.</summary>
public sealed class SqliteCameraRepository(SettingsStore settings) : ICameraRepository
{
    public IReadOnlyList<Camera> Load() => settings.Query(
        "SELECT id, name, url, user, password, transport, recording, retention_days, removed, retention_class FROM camera ORDER BY id", Read);

    public void Save(Camera camera) => settings.Execute(
        """
        INSERT INTO camera (id, name, url, user, password, transport, recording, retention_days, removed, retention_class)
        VALUES ($id, $name, $url, $user, $password, $transport, $recording, $days, $removed, $class)
        ON CONFLICT (id) DO UPDATE SET
          name = excluded.name, url = excluded.url, user = excluded.user, password = excluded.password, transport = excluded.transport,
          recording = excluded.recording, retention_days = excluded.retention_days, removed = excluded.removed,
          retention_class = excluded.retention_class
        """,
        ("$id", (long)camera.Id.Value),
        ("$name", camera.Name),
        ("$url", camera.Source.Url.OriginalString),
        ("$user", camera.Source.User),
        ("$password", camera.Source.Password is { } password ? settings.Secrets.Seal(password, OwnerOf(camera.Id)) : null),
        ("$transport", (long)camera.Source.Transport),
        ("$recording", (long)camera.Recording),
        ("$days", (long?)camera.RetentionDays),
        ("$class", (long?)camera.RetentionClass),
        ("$removed", camera.Removed ? 1L : 0L));

    private Camera Read(SqliteDataReader row)
    {
        ChannelId id = new((ulong)row.GetInt64(0));
        return new Camera
        {
            Id = id,
            Name = row.GetString(1),
            Source = new CameraSource(new Uri(row.GetString(2)), row.IsDBNull(3) ? null : row.GetString(3), Password(row, id), (MediaTransport)row.GetInt64(5)),
            Recording = (RecordingMode)row.GetInt64(6),
            RetentionDays = row.IsDBNull(7) ? null : (int)row.GetInt64(7),
            Removed = row.GetInt64(8) != 0,
            RetentionClass = row.IsDBNull(9) ? null : (int)row.GetInt64(9),
        };
    }

    // A password that cannot be opened (settings brought back without their key file) is as good as none: the camera then says that
    // it wants one, and the others go on.
    private string? Password(SqliteDataReader row, ChannelId id) =>
        row.IsDBNull(4) ? null : settings.Secrets.Open((byte[])row[4], OwnerOf(id));

    private static string OwnerOf(ChannelId id) => $"camera/{id}";
}
