// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;
using Rookery.Media;
using Rookery.Storage;

namespace Rookery.Recording;

/// <summary>How to reach a camera's stream.</summary>
/// <param name="Url"><c>rtsp://</c> or <c>rtsps://</c>, without user information.</param>
/// <param name="User">User name; <c>null</c> for none.</param>
/// <param name="Password">Never logged, never returned by the API.</param>
/// <param name="Transport">How media travels.</param>
public sealed record CameraSource(Uri Url, string? User, string? Password, MediaTransport Transport)
{
    public override string ToString() => Url.ToString();
}

/// <summary>How RTP reaches us.</summary>
public enum MediaTransport : byte
{
    /// <summary>TCP; UDP where the camera refuses TCP.</summary>
    Auto = 0,
    Tcp = 1,
    Udp = 2,
}

/// <summary>Opens sessions with cameras. Implemented by the adapters of the encoder side.</summary>
public interface ICameraConnector
{
    /// <summary>
    /// Begins one session. Returns at once; everything that happens is told to <paramref name="sink"/>, from one thread at a time, the last call being
    /// <see cref="ISessionSink.OnEnded"/>, exactly once. There is no reconnecting in here: the recorder opens the next session.
    /// </summary>
    ICameraSession Connect(CameraSource source, ISessionSink sink);

    /// <summary>Tries a camera step by step and says in words what is wrong and what to do. Takes at most 15 s.</summary>
    Task<CameraDiagnosis> DiagnoseAsync(CameraSource source, CancellationToken cancellation);
}

/// <summary>A session with a camera. Disposing ends it (TEARDOWN is tried, not waited for).</summary>
public interface ICameraSession : IDisposable
{
    /// <summary>Somebody watches live: coalesce less. By default reads are gathered over about 100 ms; with low latency over about 10 ms.</summary>
    bool LowLatency { get; set; }
}

/// <summary>Takes what a session delivers.</summary>
public interface ISessionSink
{
    /// <summary>The camera answered and described its tracks. Once a session, before any access unit.</summary>
    void OnTracks(IReadOnlyList<SourceTrack> tracks);

    /// <summary>The format of a track is known, or has changed.</summary>
    void OnFormat(int track, TrackFormat format);

    /// <summary>One access unit, with its capture time by the camera's sender reports, or by arrival until the first report came.</summary>
    void OnAccessUnit(int track, in AccessUnit unit, WallTime wall);

    /// <summary>The clock of the camera against ours, about once in 10 s: parts per million, positive when the camera is fast.</summary>
    void OnDrift(double partsPerMillion);

    /// <summary>Something worth a line in the log, one sentence without credentials; at most a few a session.</summary>
    /// <param name="note">An oddity of the camera, or media that got lost.</param>
    /// <param name="isTrouble">Media is missing: shown as the last error, though the session goes on.</param>
    void OnNote(string note, bool isTrouble)
    {
    }

    /// <summary>The session is over. Nothing comes after it.</summary>
    void OnEnded(SessionEnd end);
}

/// <summary>A track of a session.</summary>
/// <param name="Index">0-based; video first. The same track has the same index in every session of a camera that describes itself the same way.</param>
/// <param name="Codec">Its coding.</param>
/// <param name="Timescale">RTP clock rate, in Hz.</param>
public readonly record struct SourceTrack(int Index, Codec Codec, int Timescale);

/// <summary>Why a session ended.</summary>
/// <param name="Cause">For the gap that follows.</param>
/// <param name="Message">For a person: what happened, and what to do about it. Holds no credentials.</param>
/// <param name="IsPermanent">Trying again soon will not help (wrong password, no such path): back off to the longest interval.</param>
public sealed record SessionEnd(GapCause Cause, string Message, bool IsPermanent);

/// <summary>What a test of a camera found.</summary>
public sealed record CameraDiagnosis
{
    public required bool Ok { get; init; }

    /// <summary>The step that failed, or <see cref="DiagnosisStep.Media"/> when all went well.</summary>
    public required DiagnosisStep Step { get; init; }

    /// <summary>What was found, one sentence.</summary>
    public required string Message { get; init; }

    /// <summary>What to do about it; empty when all is well.</summary>
    public string Advice { get; init; } = "";

    public IReadOnlyList<TrackFormat> Tracks { get; init; } = [];
}

/// <summary>The steps of a test, in order.</summary>
public enum DiagnosisStep : byte
{
    Address,
    Connect,
    Rtsp,
    Authorize,
    Describe,
    Setup,
    Play,
    Media,
}
