// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Http;

/// <summary>The work that endpoints take turns for, each with the reason of its bounds.</summary>
internal sealed class WebTurns
{
    /// <summary>
    /// Making a playlist: that of a day reads the indexes of thousands of records, and the disk has to serve recording and the segments as well. With those who wait
    /// they are 32: a wall of 16 players that begin together, twice.
    /// </summary>
    public Turns Playlists { get; } = new(atOneTime: 2, maximumWaiting: 30);

    /// <summary>Testing a camera: bounded so that the recorder cannot be used to flood a network.</summary>
    public Turns CameraTests { get; } = new(atOneTime: 8, maximumWaiting: 0);
}
