// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Runtime.CompilerServices;

namespace Rookery.Media.Tests.Mp4;

/// <summary>Finds files under tests/testdata by where this source file lies.</summary>
internal static class TestData
{
    public static string Path(string name, [CallerFilePath] string here = "") =>
        System.IO.Path.GetFullPath(System.IO.Path.Combine(System.IO.Path.GetDirectoryName(here)!, "../../testdata", name));

    public static MemoryStream Open(string name) => new(File.ReadAllBytes(Path(name)), writable: false);

    /// <summary>A format that looks right to every reader of MP4 tables; its parameter sets are not parsed there.</summary>
    public static TrackFormat H264(byte marker = 0) => new()
    {
        Codec = Codec.H264,
        Timescale = 90_000,
        Width = 128,
        Height = 96,
        NominalFrameRate = 25,
        CodecPrivate = new byte[] { 1, 0x64, 0, 0x0B, 0xFF, 0xE1, 0, 1, marker, 1, 0, 1, 0x68 },
    };

    public static TrackFormat Aac() => new()
    {
        Codec = Codec.Aac,
        Timescale = 48_000,
        SampleRate = 48_000,
        Channels = 2,
        CodecPrivate = new byte[] { 0x11, 0x90 },
    };
}
