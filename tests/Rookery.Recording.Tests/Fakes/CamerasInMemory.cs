// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Recording.Tests;

/// <summary>Cameras that outlive their registry, and a disk that can be full.</summary>
internal sealed class CamerasInMemory : ICameraRepository
{
    private readonly Dictionary<ulong, Camera> _saved = [];

    public bool IsBroken { get; set; }

    public IReadOnlyList<Camera> Load() => [.. _saved.Values];

    public void Save(Camera camera)
    {
        if (IsBroken)
        {
            throw new IOException("no space");
        }

        _saved[camera.Id.Value] = camera;
    }
}
