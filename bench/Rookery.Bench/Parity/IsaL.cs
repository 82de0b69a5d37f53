// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Runtime.InteropServices;

namespace Rookery.Bench.Parity;

/// <summary>The rival: Intel's Intelligent Storage Acceleration Library, from Debian's libisal2.</summary>
internal static unsafe partial class IsaL
{
    private const string Library = "libisal.so.2";

    public static bool IsInstalled => NativeLibrary.TryLoad(Library, out _);

    /// <summary>XOR of the first vectors − 1 blocks into the last.</summary>
    [LibraryImport(Library, EntryPoint = "xor_gen")]
    public static partial int XorGen(int vectors, int length, nint* blocks);

    /// <summary>P and Q of the first vectors − 2 blocks into the last two.</summary>
    [LibraryImport(Library, EntryPoint = "pq_gen")]
    public static partial int PqGen(int vectors, int length, nint* blocks);

    [LibraryImport(Library, EntryPoint = "ec_init_tables")]
    public static partial void EcInitTables(int sources, int rows, byte* coefficients, byte* tables);

    /// <summary>Any linear combination of the sources.</summary>
    [LibraryImport(Library, EntryPoint = "ec_encode_data")]
    public static partial void EcEncodeData(int length, int sources, int rows, byte* tables, nint* data, nint* outputs);

    /// <summary>CRC-32C without the inversions before and after.</summary>
    [LibraryImport(Library, EntryPoint = "crc32_iscsi")]
    public static partial uint Crc32Iscsi(byte* buffer, int length, uint state);
}
