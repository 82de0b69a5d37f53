// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;
using Rookery.Media;
using Rookery.Recording;
using Rookery.Storage;

namespace Rookery.Encoders;

/// <summary>Tries a camera: opens a session as recording would, and waits for the first pictures or for what goes wrong.</summary>
internal sealed class RtspDiagnosis(RtspServices services, CameraSource source) : ISessionSink
{
    /// <summary>The whole test.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    /// <summary>Once pictures come: how long the other tracks may take to show their format.</summary>
    private static readonly TimeSpan OtherTracks = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _pictures = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _complete = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<SessionOutcome> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TrackFormat?[] _formats = [];
    private bool[] _seen = [];
    private volatile bool _described;

    public async Task<CameraDiagnosis> RunAsync(CancellationToken cancellation)
    {
        using RtspCameraSession session = new(services, source, this, outcome => _ended.TrySetResult(outcome));
        session.Begin();
        Task limit = Task.Delay(Limit, services.Clock, cancellation);
        Task first = await Task.WhenAny(_pictures.Task, _ended.Task, limit).ConfigureAwait(false);
        cancellation.ThrowIfCancellationRequested();
        if (first == _ended.Task)
        {
            SessionOutcome outcome = await _ended.Task.ConfigureAwait(false);
            return new() { Ok = false, Step = outcome.Step, Message = outcome.Message, Advice = outcome.Advice, Tracks = Formats() };
        }

        if (first == limit)
        {
            return Formats().Count == 0 && !_described ? Unresponsive() : Undecodable();
        }

        await Task.WhenAny(_complete.Task, Task.Delay(OtherTracks, services.Clock, cancellation)).ConfigureAwait(false);
        return new() { Ok = true, Step = DiagnosisStep.Media, Message = "The camera sends pictures or sound that can be recorded.", Tracks = Formats() };
    }

    public void OnTracks(IReadOnlyList<SourceTrack> tracks)
    {
        lock (_lock)
        {
            _formats = new TrackFormat?[tracks.Count];
            _seen = new bool[tracks.Count];
            _described = true;
        }
    }

    public void OnFormat(int track, TrackFormat format)
    {
        lock (_lock)
        {
            _formats[track] = format;
        }
    }

    public void OnAccessUnit(int track, in AccessUnit unit, WallTime wall)
    {
        lock (_lock)
        {
            _seen[track] |= unit.IsRandomAccess || _formats[track]?.Kind != TrackKind.Video;
            if (_seen[0])
            {
                _pictures.TrySetResult();
            }

            if (Array.TrueForAll(_seen, seen => seen))
            {
                _complete.TrySetResult();
            }
        }
    }

    public void OnDrift(double partsPerMillion)
    {
    }

    public void OnEnded(SessionEnd end) =>
        _ended.TrySetResult(new(DiagnosisStep.Media, GapCause.Unknown, end.Message, ""));

    private static CameraDiagnosis Unresponsive() => new()
    {
        Ok = false,
        Step = DiagnosisStep.Rtsp,
        Message = $"The camera answers too slowly: it did not come to play within {Limit.TotalSeconds:0} s.",
        Advice = "Restart the camera, and look at the network between.",
    };

    private CameraDiagnosis Undecodable() => new()
    {
        Ok = false,
        Step = DiagnosisStep.Media,
        Message = $"The camera sends packets, but no picture at which decoding can start within {Limit.TotalSeconds:0} s.",
        Advice = "Set the distance of key frames (I-frame interval, GOP) to 1 to 4 s in the camera.",
        Tracks = Formats(),
    };

    private IReadOnlyList<TrackFormat> Formats()
    {
        lock (_lock)
        {
            return [.. _formats.Where(format => format is not null).Select(format => format!)];
        }
    }
}
