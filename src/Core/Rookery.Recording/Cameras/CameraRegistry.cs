// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Recording;

/// <summary>Keeps the settings of cameras across starts. An adapter of the settings database.</summary>
public interface ICameraRepository
{
    /// <summary>All cameras ever added, removed ones included.</summary>
    IReadOnlyList<Camera> Load();

    /// <summary>Adds or replaces one, durably before it returns.</summary>
    void Save(Camera camera);
}

/// <summary>All cameras. Changes are durable before they take effect. Safe for any thread.</summary>
public sealed class CameraRegistry
{
    /// <summary>Cameras in service on one machine at most; more need a cluster.</summary>
    public const int MaximumCameras = 2000;

    /// <summary>
    /// Different retention times of the cameras in service at most, "until the space is needed" among them. Each has a chunk of its own open, and a disk has 24 such places.
    /// </summary>
    public const int MaximumRetentionTimes = 24;

    private readonly Lock _lock = new();
    private readonly ICameraRepository _repository;
    private readonly SortedDictionary<ulong, Camera> _cameras = [];

    public CameraRegistry(ICameraRepository repository)
    {
        _repository = repository;
        foreach (Camera camera in repository.Load())
        {
            _cameras.Add(camera.Id.Value, camera);
        }
    }

    /// <summary>Asked before a change is saved; refuses it with a <see cref="CameraRefusedException"/>. Must return soon.</summary>
    public Action<Camera>? Changing { get; set; }

    /// <summary>Called after each change, in order, with the new settings. Must return soon.</summary>
    public Action<Camera>? Changed { get; set; }

    /// <summary>Cameras by number, removed ones only when asked for.</summary>
    public IReadOnlyList<Camera> List(bool includeRemoved = false)
    {
        lock (_lock)
        {
            return [.. _cameras.Values.Where(camera => includeRemoved || !camera.Removed)];
        }
    }

    public Camera? Find(ChannelId id)
    {
        lock (_lock)
        {
            return _cameras.GetValueOrDefault(id.Value);
        }
    }

    /// <summary>Adds a camera under the next free number; <see cref="Camera.Id"/> of <paramref name="camera"/> is ignored.</summary>
    /// <exception cref="CameraRefusedException">The settings cannot be taken; the message says why.</exception>
    public Camera Add(Camera camera)
    {
        Validate(camera);
        lock (_lock)
        {
            if (_cameras.Values.Count(other => !other.Removed) >= MaximumCameras)
            {
                throw new CameraRefusedException($"This machine has {MaximumCameras} cameras, and takes no more. Remove some, or add a recorder.");
            }

            ulong next = _cameras.Count == 0 ? 1 : _cameras.Keys.Max() + 1;
            Camera added = camera with { Id = new ChannelId(next), Removed = false };
            Store(added);
            return added;
        }
    }

    /// <summary>Changes a camera in service.</summary>
    /// <returns><c>null</c> when there is none of that number.</returns>
    /// <exception cref="CameraRefusedException">The settings cannot be taken; the message says why.</exception>
    public Camera? Update(ChannelId id, Func<Camera, Camera> change)
    {
        lock (_lock)
        {
            if (!_cameras.TryGetValue(id.Value, out Camera? camera) || camera.Removed)
            {
                return null;
            }

            Camera changed = change(camera) with { Id = id };
            Validate(changed);
            Store(changed);
            return changed;
        }
    }

    /// <summary>Takes a camera out of service. Its recordings stay until retention.</summary>
    public bool Remove(ChannelId id) => Update(id, camera => camera with { Removed = true }) is not null;

    private void Store(Camera camera)
    {
        CheckRetentionTimes(camera);
        Changing?.Invoke(camera);
        _repository.Save(camera);
        _cameras[camera.Id.Value] = camera;
        Changed?.Invoke(camera);
    }

    private void CheckRetentionTimes(Camera camera)
    {
        HashSet<(int? Days, int? Own)> others = [(null, null), .. _cameras.Values.Where(other => !other.Removed && other.Id != camera.Id).Select(TimeOf)];
        if (!camera.Removed && !others.Contains(TimeOf(camera)) && others.Count >= MaximumRetentionTimes)
        {
            throw new CameraRefusedException(
                $"The cameras have {others.Count} different retention times, and a disk keeps no more apart. Choose one that is in use: {string.Join(", ", others.Select(other => other.Days).OfType<int>().Order())} days, or none.");
        }
    }

    private static (int? Days, int? Own) TimeOf(Camera camera) => (camera.RetentionClass is null ? camera.RetentionDays : null, camera.RetentionClass);

    private static void Validate(Camera camera)
    {
        if (string.IsNullOrWhiteSpace(camera.Name) || camera.Name.Length > Camera.MaximumNameLength || camera.Name.Any(char.IsControl))
        {
            // Names reach logs and terminals, where a control character could pretend to be something else.
            throw new CameraRefusedException($"A camera's name has 1 to {Camera.MaximumNameLength} printable characters.");
        }

        Uri url = camera.Source.Url;
        if (!url.IsAbsoluteUri || url.Scheme is not ("rtsp" or "rtsps"))
        {
            throw new CameraRefusedException("A camera's address begins with rtsp:// or rtsps://, for example rtsp://192.0.2.10:554/stream1.");
        }

        if (url.UserInfo.Length > 0)
        {
            throw new CameraRefusedException("User name and password do not belong into the address; give them in their own fields.");
        }

        if (camera.RetentionClass is { } own && !RetentionPolicy.IsOwn(own))
        {
            throw new CameraRefusedException($"A camera's retention class is one of {RetentionPolicy.FirstOwn} to {RetentionPolicy.LastOwn}.");
        }

        if (!RetentionPolicy.IsValid(camera.RetentionDays))
        {
            throw new CameraRefusedException($"Retention is {RetentionPolicy.Allowed}, or nothing for as long as there is space.");
        }
    }
}

/// <summary>A camera's settings cannot be taken. The message is for the person who made them.</summary>
public sealed class CameraRefusedException : Exception
{
    public CameraRefusedException()
    {
    }

    public CameraRefusedException(string message)
        : base(message)
    {
    }

    public CameraRefusedException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
