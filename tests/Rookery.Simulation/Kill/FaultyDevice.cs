// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Storage;

namespace Rookery.Simulation;

/// <summary>What a <see cref="FaultyDevice"/> does.</summary>
public enum DeviceFault
{
    /// <summary>Writes fail, and nothing of them is written.</summary>
    Writes,

    /// <summary>Flushes fail. What was written before is there all the same.</summary>
    Flushes,

    /// <summary>Reads fail.</summary>
    Reads,

    /// <summary>Nothing returns until the fault is over.</summary>
    Hangs,

    /// <summary>Everything fails, as when a cable is pulled.</summary>
    Gone,
}

/// <summary>
/// A disk under a real process that fails when it is told to: a file of its name with <c>.fault</c> behind it holds a <see cref="DeviceFault"/>. It stands for the error, flakey and delay targets of the kernel's
/// device mapper, where a machine has none.
/// </summary>
internal sealed class FaultyDevice(IBlockDevice device) : IBlockDevice
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(20);
    private readonly ManualResetEventSlim _disposed = new();

    public string Name => device.Name;
    public long CapacityBytes => device.CapacityBytes;

    /// <summary>From now on a disk does that.</summary>
    public static void Set(string disk, DeviceFault fault)
    {
        // Renamed into its place: nobody reads half a word.
        File.WriteAllText(disk + ".next", fault.ToString());
        File.Move(disk + ".next", PathFor(disk), overwrite: true);
    }

    /// <summary>The disk works again.</summary>
    public static void Clear(string disk) => File.Delete(PathFor(disk));

    public void Read(long offsetBytes, Span<byte> destination)
    {
        Meet(DeviceFault.Reads);
        device.Read(offsetBytes, destination);
    }

    public void Write(long offsetBytes, ReadOnlySpan<byte> source)
    {
        Meet(DeviceFault.Writes);
        device.Write(offsetBytes, source);
    }

    public void Flush()
    {
        Meet(DeviceFault.Flushes);
        device.Flush();
    }

    public void Dispose()
    {
        _disposed.Set();
        device.Dispose();
    }

    private static string PathFor(string disk) => disk + ".fault";

    private void Meet(DeviceFault own)
    {
        while (Now() is { } fault && (fault == own || fault is DeviceFault.Hangs or DeviceFault.Gone))
        {
            if (fault != DeviceFault.Hangs)
            {
                throw new DeviceException($"{device.Name}: the trial makes {own.ToString().ToLowerInvariant()} fail.");
            }

            if (_disposed.Wait(BetweenLooks))
            {
                throw new DeviceException($"{device.Name} was closed while it hung.");
            }
        }
    }

    private DeviceFault? Now()
    {
        try
        {
            return File.Exists(PathFor(device.Name)) ? Enum.Parse<DeviceFault>(File.ReadAllText(PathFor(device.Name))) : null;
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }
}
