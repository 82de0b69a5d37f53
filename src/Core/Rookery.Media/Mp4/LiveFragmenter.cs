// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Media.Mp4;

/// <summary>
/// Turns live access units into fragments for Media Source: one fragment for each picture, with the audio that came since the last one.
/// </summary>
/// <remarks>
/// Tracks count their time from unrelated starts. Each track is placed once, by the capture time of its first unit, on one common timeline that begins
/// <see cref="LeadIn"/> before the first unit of all; from then on its own media time rules, so that neither jitter of arrival nor a slewed clock reaches the player.
/// A unit's duration is not known before the next one: the last one's is told, and the decode time of the next fragment puts it right.
/// Sound that does not come is replaced by silence: a player waits for each track it was told of, so a hole in the sound would hold the picture.
/// One fragmenter serves one viewer, or several that began together; one thread at a time. After a format change or a reconnect make a new one.
/// </remarks>
public sealed class LiveFragmenter
{
    /// <summary>Room for tracks whose first unit was captured before the first one that came.</summary>
    public static readonly TimeSpan LeadIn = TimeSpan.FromSeconds(1);

    /// <summary>Audio waits for the next picture, but not longer: without video, or with few pictures a second, it goes by itself.</summary>
    public static readonly TimeSpan LongestAudioWait = TimeSpan.FromMilliseconds(120);

    /// <summary>
    /// How far sound may lie behind the pictures before silence takes its place. Some cameras send it late: a unit that finds its place taken shows how late, and so much is allowed
    /// from then on, up to <see cref="LongestPatience"/>.
    /// </summary>
    public static readonly TimeSpan FirstPatience = TimeSpan.FromMilliseconds(200);

    public static readonly TimeSpan LongestPatience = TimeSpan.FromSeconds(2);

    private readonly TrackState[] _tracks;
    private readonly FragmentRun[] _runs;
    private WallTime? _epoch;
    private uint _sequence;

    /// <param name="tracks">What the viewer gets. <see cref="Write"/> names them by their place in here.</param>
    public LiveFragmenter(IReadOnlyList<Mp4Track> tracks)
    {
        _tracks = [.. tracks.Select(track => new TrackState(track))];
        _runs = new FragmentRun[_tracks.Length];
        Init = InitSegment.Create(tracks);
    }

    /// <summary>The initialization segment, to be sent before any fragment.</summary>
    public ReadOnlyMemory<byte> Init { get; }

    /// <summary>Takes one unit, and appends a whole fragment (<c>moof</c> and <c>mdat</c>) to <paramref name="output"/> when one is due.</summary>
    /// <param name="output">Where the fragment goes. No allocation once it has grown to the largest.</param>
    /// <param name="track">Place in the list of tracks.</param>
    /// <param name="unit">Its data is copied.</param>
    /// <param name="wall">When it was captured.</param>
    /// <returns>Whether a fragment was appended.</returns>
    public bool Write(BoxWriter output, int track, in AccessUnit unit, WallTime wall)
    {
        _epoch ??= wall - LeadIn;
        TrackState state = _tracks[track];
        if (!state.TryAdd(unit, wall - _epoch.Value))
        {
            return false;
        }

        if (state.Track.Kind == TrackKind.Video)
        {
            foreach (TrackState other in _tracks)
            {
                other.FillUpTo(state.LastSeconds, LeadIn.TotalSeconds);
            }
        }

        if (state.Track.Kind == TrackKind.Audio && !state.IsDue)
        {
            return false;
        }

        Emit(output);
        return true;
    }

    private void Emit(BoxWriter output)
    {
        int count = 0;
        foreach (TrackState state in _tracks)
        {
            if (state.HasSamples)
            {
                _runs[count++] = state.Run;
            }
        }

        Fragment.WriteHead(output, ++_sequence, _runs.AsSpan(0, count));
        foreach (TrackState state in _tracks)
        {
            output.Bytes(state.Data.Span);
            state.Clear();
        }
    }

    /// <summary>What waits of one track.</summary>
    private sealed class TrackState(Mp4Track track)
    {
        /// <summary>Samples that wait at most; 64 AAC frames are more than a second.</summary>
        private const int MaximumSamples = 64;

        private readonly FragmentSample[] _samples = new FragmentSample[MaximumSamples];
        private readonly ReadOnlyMemory<byte> _silence = SilentFrame.Of(track.Formats[0]);
        private double _patienceSeconds = FirstPatience.TotalSeconds;
        private double _pictureSeconds;
        private bool _endsInSilence;
        private long? _offset;
        private long _firstDecodeTime;
        private long _lastDecodeTime;
        private uint _lastDuration;
        private int _count;

        public Mp4Track Track => track;
        public BoxWriter Data { get; } = new();
        public bool HasSamples => _count > 0;
        public FragmentRun Run => new(track.Id, _firstDecodeTime, 1, _samples.AsMemory(0, _count));

        public bool IsDue => _count == MaximumSamples
            || _lastDecodeTime + _lastDuration - _firstDecodeTime >= (long)(LongestAudioWait.TotalSeconds * track.Timescale);

        public bool TryAdd(in AccessUnit unit, TimeSpan sinceEpoch)
        {
            _offset ??= (long)(sinceEpoch.TotalSeconds * track.Timescale) - unit.PresentationTime;
            long decodeTime = unit.DecodeTime + _offset.Value;
            // Beside silence a unit begins a new count of frames: it may overlap by less than half of one.
            long free = _endsInSilence ? _lastDecodeTime + (_lastDuration / 2) : _lastDecodeTime;
            bool isLate = _lastDuration != 0 && decodeTime <= free;
            if (decodeTime < 0 || isLate)
            {
                if (isLate && _endsInSilence)
                {
                    double lateSeconds = _pictureSeconds - ((double)decodeTime / track.Timescale) + FirstPatience.TotalSeconds;
                    _patienceSeconds = Math.Clamp(lateSeconds, _patienceSeconds, LongestPatience.TotalSeconds);
                }

                return false;
            }

            Fill(decodeTime);
            if (_count == MaximumSamples)
            {
                return false;
            }

            Add(decodeTime, Duration(unit, decodeTime), unit.CompositionOffset, unit.IsRandomAccess || track.Kind == TrackKind.Audio, unit.Data.Span);
            _endsInSilence = false;
            return true;
        }

        /// <summary>Decode time of the last unit in seconds.</summary>
        public double LastSeconds => (double)_lastDecodeTime / track.Timescale;

        /// <summary>Puts silence where sound is overdue, since a picture of this time is there.</summary>
        /// <param name="pictureSeconds">Its decode time.</param>
        /// <param name="startSeconds">Where the first picture is: a track of which nothing came yet begins there.</param>
        public void FillUpTo(double pictureSeconds, double startSeconds)
        {
            if (_silence.IsEmpty)
            {
                return;
            }

            _pictureSeconds = pictureSeconds;
            double end = _lastDuration == 0 ? startSeconds : LastSeconds;
            if (pictureSeconds - end <= _patienceSeconds)
            {
                return;
            }

            if (_lastDuration == 0)
            {
                Add((long)(startSeconds * track.Timescale), SilenceDuration, 0, isRandomAccess: true, _silence.Span);
            }

            Fill((long)((pictureSeconds - (_patienceSeconds / 2)) * track.Timescale));
            _endsInSilence = true;
        }

        private uint SilenceDuration => NominalDuration.Of(track.Formats[0], track.Timescale, _silence.Length);

        /// <summary>Silence from the end of what is there up to a decode time, in whole frames, as many as there is room for.</summary>
        private void Fill(long until)
        {
            if (_silence.IsEmpty || _lastDuration == 0)
            {
                return;
            }

            uint duration = SilenceDuration;
            for (long next = _lastDecodeTime + _lastDuration; next + duration <= until + (duration / 2) && _count < MaximumSamples - 1; next += duration)
            {
                Add(next, duration, 0, isRandomAccess: true, _silence.Span);
            }
        }

        private void Add(long decodeTime, uint duration, int compositionOffset, bool isRandomAccess, ReadOnlySpan<byte> data)
        {
            if (_count == 0)
            {
                _firstDecodeTime = decodeTime;
            }
            else
            {
                ref FragmentSample before = ref _samples[_count - 1];
                before = before with { Duration = (uint)(decodeTime - _lastDecodeTime) };
            }

            _lastDuration = duration;
            _lastDecodeTime = decodeTime;
            _samples[_count++] = new(duration, data.Length, compositionOffset, isRandomAccess);
            Data.Bytes(data);
        }

        public void Clear()
        {
            _count = 0;
            Data.Clear();
        }

        /// <summary>The distance from the unit before, as long as it can be one: a jump of more than a second is a pause, not a duration.</summary>
        private uint Duration(in AccessUnit unit, long decodeTime)
        {
            if (track.Kind == TrackKind.Video && _lastDuration != 0)
            {
                long delta = decodeTime - _lastDecodeTime;
                return delta <= track.Timescale ? (uint)delta : _lastDuration;
            }

            return NominalDuration.Of(track.Formats[0], track.Timescale, unit.Data.Length);
        }
    }
}
