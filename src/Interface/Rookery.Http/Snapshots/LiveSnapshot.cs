// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Media;
using Rookery.Media.Mp4;
using Rookery.Recording;
using Rookery.Recording.Playback;
using StreamReader = Rookery.Recording.StreamReader;

namespace Rookery.Http;

/// <summary>Takes the newest random access point of a running camera.</summary>
internal static class LiveSnapshot
{
    /// <returns><c>null</c> when the camera sends no pictures at the moment.</returns>
    public static async Task<SnapshotClip?> TakeAsync(ChannelRecorder channel, CancellationToken cancellation)
    {
        using StreamReader? reader = await channel.TryWatchAsync(cancellation);
        SnapshotClip? clip = null;
        while (reader is not null && reader.TryRead(out StreamItem item))
        {
            if (clip is null && item.Format.Kind == TrackKind.Video && item.Unit.IsRandomAccess)
            {
                clip = new SnapshotClip(item.Format, item.Format.Codec == Codec.Jpeg ? item.Unit.Data.Memory.ToArray() : Wrap(item), Picture: 0, item.Wall);
            }

            item.Release();
        }

        return clip;
    }

    private static byte[] Wrap(in StreamItem item)
    {
        LiveFragmenter fragmenter = new([new Mp4Track(1, item.Format)]);
        BoxWriter output = new(item.Unit.Data.Length + 4096);
        output.Bytes(fragmenter.Init.Span);
        fragmenter.Write(output, 0, item.Unit, item.Wall);
        return output.ToArray();
    }
}
