// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;
using Rookery.Media;
using Rookery.Recording;

namespace Rookery.Http;

/// <summary>A camera as a caller describes it.</summary>
/// <param name="Name">1 to 100 characters.</param>
/// <param name="Url">rtsp://host:554/path or rtsps://…</param>
/// <param name="User">Null for none.</param>
/// <param name="Password">Null for none. Never returned.</param>
/// <param name="Transport">How media travels.</param>
/// <param name="Recording">When to record.</param>
/// <param name="RetentionDays">Days after which recordings may go; null until the space is needed.</param>
/// <param name="RetentionClass">A retention class of one's own, instead of the days; null for none.</param>
internal sealed record CameraInput(
    string Name,
    string Url,
    string? User = null,
    string? Password = null,
    MediaTransport Transport = MediaTransport.Auto,
    RecordingMode Recording = RecordingMode.Continuous,
    int? RetentionDays = null,
    int? RetentionClass = null);

/// <summary>Any subset of a <see cref="CameraInput"/>: a member that is left out stays as it is, one that is null is taken away.</summary>
/// <remarks>Where null means something the setter notes that it was called: the reader of JSON calls it for members that are there, and no others.</remarks>
internal sealed class CameraPatch
{
    private bool _hasUser;
    private bool _hasPassword;
    private bool _hasRetention;
    private bool _hasClass;

    public string? Name { get; init; }
    public string? Url { get; init; }

    public string? User
    {
        get;
        set => (field, _hasUser) = (value, true);
    }

    public string? Password
    {
        get;
        set => (field, _hasPassword) = (value, true);
    }

    public MediaTransport? Transport { get; init; }
    public RecordingMode? Recording { get; init; }

    public int? RetentionDays
    {
        get;
        set => (field, _hasRetention) = (value, true);
    }

    public int? RetentionClass
    {
        get;
        set => (field, _hasClass) = (value, true);
    }

    /// <exception cref="CameraRefusedException">The settings cannot be taken.</exception>
    public Camera Apply(Camera camera)
    {
        CameraSource old = camera.Source;
        CameraSource changed = CameraAddress.Read(
            Url ?? old.Url.OriginalString, _hasUser ? User : old.User, _hasPassword ? Password : null, Transport ?? old.Transport);
        if (!_hasPassword && changed.Password is null)
        {
            // Neither given by itself nor inside the address: the stored one stays, if it may.
            if (old.Password is not null && !old.MayGoTo(changed.Url))
            {
                throw new CameraRefusedException(StoredPassword.Refusal);
            }

            changed = changed with { Password = old.Password };
        }

        return camera with
        {
            Name = Name?.Trim() ?? camera.Name,
            Source = changed,
            Recording = Recording ?? camera.Recording,
            RetentionDays = _hasRetention ? RetentionDays : camera.RetentionDays,
            // Days that are given alone are meant to hold.
            RetentionClass = _hasClass ? RetentionClass : _hasRetention && RetentionDays is not null ? null : camera.RetentionClass,
        };
    }
}

/// <summary>A camera as the API shows it.</summary>
internal sealed record CameraView(
    string Id,
    string Name,
    string Url,
    string? User,
    bool HasPassword,
    MediaTransport Transport,
    RecordingMode Recording,
    int? RetentionDays,
    int? RetentionClass,
    bool Removed,
    CameraStateView State)
{
    public static CameraView Of(Camera camera, Recorder recorder) => new(
        camera.Id.ToString(), camera.Name, camera.Source.Url.OriginalString, camera.Source.User, camera.Source.Password is not null,
        camera.Source.Transport, camera.Recording, camera.RetentionDays, camera.RetentionClass, camera.Removed, CameraStateView.Of(recorder.Find(camera.Id)?.Snapshot()));
}

internal sealed record CameraList(IReadOnlyList<CameraView> Items);

/// <summary>What a camera does at this moment.</summary>
/// <param name="Phase">Where it is between "asked for" and "on disk".</param>
/// <param name="Recording">Bytes became durable in the last 3 seconds.</param>
/// <param name="Bitrate">Bits per second of all tracks.</param>
/// <param name="FrameRate">Pictures per second.</param>
/// <param name="Codec">Of the video; null until known.</param>
/// <param name="Width">Pixels; 0 until known.</param>
/// <param name="Height">Pixels; 0 until known.</param>
/// <param name="AudioCodec">Null without audio.</param>
/// <param name="MimeType">What Media Source must support to show it live; null when nothing can be shown or the format is not known yet.</param>
/// <param name="DriftPpm">Clock of the camera against ours in parts per million, positive when it is fast; null until measured.</param>
/// <param name="LastError">What went wrong last.</param>
/// <param name="DurableUntil">End of what is safe on disk of the present session.</param>
/// <param name="Viewers">Live viewers.</param>
internal sealed record CameraStateView(
    ChannelPhase Phase,
    bool Recording,
    double Bitrate,
    double FrameRate,
    Codec? Codec,
    int Width,
    int Height,
    Codec? AudioCodec,
    string? MimeType,
    double? DriftPpm,
    ErrorView? LastError,
    WallTime? DurableUntil,
    int Viewers)
{
    private static readonly CameraStateView Disabled = new(ChannelPhase.Disabled, false, 0, 0, null, 0, 0, null, null, null, null, null, 0);

    public static CameraStateView Of(ChannelState? state)
    {
        if (state is null)
        {
            return Disabled;
        }

        TrackFormat? video = state.Formats.FirstOrDefault(format => format.Kind == TrackKind.Video);
        TrackFormat? audio = state.Formats.FirstOrDefault(format => format.Kind == TrackKind.Audio);
        return new CameraStateView(
            state.Phase,
            state.IsRecording,
            Math.Round(state.Bitrate),
            Math.Round(state.FrameRate, 1),
            video?.Codec,
            video?.Width ?? 0,
            video?.Height ?? 0,
            audio?.Codec,
            BrowserFormats.MimeType(state.Formats),
            state.DriftPartsPerMillion is { } drift ? Math.Round(drift, 1) : null,
            state.LastError is { } error ? new ErrorView(error.At, error.Message) : null,
            state.DurableUntil,
            state.Viewers);
    }
}

internal sealed record ErrorView(WallTime At, string Message);
