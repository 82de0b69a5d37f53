// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Media;
using Rookery.Media.Mp4;
using Rookery.Recording;

namespace Rookery.Http;

/// <summary>
/// Decides which tracks a live viewer gets, and when it has to start anew: with a new session of the camera, another format, or audio that was not known at first.
/// A start is always at a random access point of the video; what comes before it is dropped.
/// </summary>
internal sealed class LiveTracks(bool withAudio)
{
    private int _session = -1;
    private int _videoTrack = -1;
    private int _audioTrack = -1;
    private TrackFormat? _video;
    private TrackFormat? _audio;
    private bool _isStale = true;

    public LiveFragmenter? Fragmenter { get; private set; }

    public string MimeType => BrowserFormats.MimeType(_video!, _audio);

    public TrackFormat Video => _video!;

    /// <summary>Looks at the next access unit.</summary>
    /// <returns>What to do with it.</returns>
    public LiveStep Next(in StreamItem item, StreamHub hub)
    {
        if (!BrowserFormats.CanPlay(item.Format))
        {
            return LiveStep.Drop;
        }

        bool isVideo = item.Format.Kind == TrackKind.Video;
        Notice(item, isVideo);
        if (!_isStale)
        {
            return isVideo || item.Track == _audioTrack ? LiveStep.Write : LiveStep.Drop;
        }

        if (!isVideo || !item.Unit.IsRandomAccess)
        {
            return LiveStep.Drop;
        }

        Start(item, hub);
        return LiveStep.Start;
    }

    /// <summary>Place of an access unit's track in the fragmenter.</summary>
    public static int PlaceOf(in StreamItem item) => item.Format.Kind == TrackKind.Video ? 0 : 1;

    private void Notice(in StreamItem item, bool isVideo)
    {
        if (item.Session != _session)
        {
            _isStale = true;
            _session = item.Session;
        }
        else if (isVideo)
        {
            _isStale |= !ReferenceEquals(item.Format, _video) && !item.Format.Equals(_video);
        }
        else if (withAudio)
        {
            _isStale |= item.Track == _audioTrack ? !ReferenceEquals(item.Format, _audio) && !item.Format.Equals(_audio) : _audioTrack < 0;
        }
    }

    private void Start(in StreamItem item, StreamHub hub)
    {
        _videoTrack = item.Track;
        _video = item.Format;
        (_audioTrack, _audio) = withAudio ? FindAudio(hub) : (-1, null);
        Fragmenter = new LiveFragmenter(_audio is null ? [new Mp4Track(1, _video)] : [new Mp4Track(1, _video), new Mp4Track(2, _audio)]);
        _isStale = false;
    }

    private (int Track, TrackFormat? Format) FindAudio(StreamHub hub)
    {
        for (int track = 0; track < MaximumTracks; track++)
        {
            if (track != _videoTrack && hub.Format(track) is { Kind: TrackKind.Audio } format && BrowserFormats.CanPlay(format))
            {
                return (track, format);
            }
        }

        return (-1, null);
    }

    /// <summary>A camera describes video, audio and metadata; 8 leaves room.</summary>
    private const int MaximumTracks = 8;
}

/// <summary>What becomes of an access unit on its way to a live viewer.</summary>
internal enum LiveStep
{
    /// <summary>Not for this viewer.</summary>
    Drop,

    /// <summary>A new initialization segment goes first.</summary>
    Start,

    /// <summary>It goes on.</summary>
    Write,
}
