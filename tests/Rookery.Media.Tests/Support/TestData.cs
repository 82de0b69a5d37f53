// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Reflection;
using Rookery.Media.Bitstream;

namespace Rookery.Media.Tests;

/// <summary>Files under tests/testdata.</summary>
internal static class TestData
{
    public static string Folder { get; } = typeof(TestData).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(a => a.Key == "TestData").Value!;

    public static byte[] Media(string name) => File.ReadAllBytes(Path.Combine(Folder, "media", name));

    public static List<byte[]> Nals(string name) => [.. AnnexB.Split(Media(name)).Select(nal => nal.ToArray())];
}
