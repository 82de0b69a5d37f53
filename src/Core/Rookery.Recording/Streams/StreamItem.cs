// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;
using Rookery.Media;

namespace Rookery.Recording;

/// <summary>What a reader of a stream gets: one access unit with all that is needed to understand it.</summary>
/// <param name="Session">Counts the camera's sessions; when it changes, media time begins anew.</param>
/// <param name="Track">Index of the track in the session; 0 is the video where there is one.</param>
/// <param name="Format">Format of this access unit. The same object as long as it does not change.</param>
/// <param name="Unit">The access unit. The reader owns one reference to its block and gives it back with <see cref="Release"/>.</param>
/// <param name="Wall">Capture time.</param>
public readonly record struct StreamItem(int Session, int Track, TrackFormat Format, AccessUnit Unit, WallTime Wall)
{
    public void Release() => Unit.Data.Block.Release();
}
