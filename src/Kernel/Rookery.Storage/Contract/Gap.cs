// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>Why an interval has no recording. Stored as one byte: numbers never change their meaning.</summary>
public enum GapCause : byte
{
    Unknown = 0,
    CameraOffline = 1,
    CameraStalled = 2,
    CameraRefused = 3,
    Network = 4,
    Overload = 5,
    StorageFailed = 6,
    RecorderFailed = 7,
    RecorderStopped = 8,
    PolicyOff = 9,
    BadStream = 10,
}

/// <summary>An interval of a stream without recording, with its cause.</summary>
public readonly record struct Gap(WallRange Range, GapCause Cause);
