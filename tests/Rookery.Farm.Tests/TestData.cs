// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Farm.Tests;

/// <summary>Finds the files under <c>tests/testdata</c>.</summary>
internal static class TestData
{
    public static string Path(string name)
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(System.IO.Path.Combine(folder.FullName, "Rookery.slnx")))
        {
            folder = folder.Parent;
        }

        return System.IO.Path.Combine(folder?.FullName ?? throw new InvalidOperationException("This is not run from the repository."), "tests", "testdata", name);
    }
}
