// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Http.Tests;

internal sealed class TemporaryDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("rookery-http-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
