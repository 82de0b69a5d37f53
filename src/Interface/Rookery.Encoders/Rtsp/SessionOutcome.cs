// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Net.Sockets;
using Rookery.Recording;
using Rookery.Rtsp;
using Rookery.Storage;

namespace Rookery.Encoders;

/// <summary>How a session with a camera ended, in words. Holds no credentials and no text of the camera's.</summary>
/// <param name="Step">How far it had come.</param>
/// <param name="Cause">For the gap that follows.</param>
/// <param name="Message">What happened, one sentence.</param>
/// <param name="Advice">What to do about it; may be empty.</param>
/// <param name="IsPermanent">Trying again soon will not help.</param>
internal sealed record SessionOutcome(DiagnosisStep Step, GapCause Cause, string Message, string Advice, bool IsPermanent = false)
{
    public static readonly SessionOutcome Stopped = new(DiagnosisStep.Media, GapCause.RecorderStopped, "Stopped.", "");

    public static readonly SessionOutcome ClockSetBack = new(
        DiagnosisStep.Media, GapCause.Unknown, "The clock of the recorder was set back: the session begins anew, so that recordings carry the right time.", "");

    public SessionEnd ToSessionEnd() => new(Cause, Advice.Length == 0 ? Message : $"{Message} {Advice}", IsPermanent);

    public static SessionOutcome NameNotResolved(string host) => new(
        DiagnosisStep.Address, GapCause.CameraOffline, $"The name {host} cannot be resolved.", "Check the spelling, or enter the camera's IP address.");

    public static SessionOutcome NotConnected(SocketError error, int port) => error switch
    {
        SocketError.ConnectionRefused => new(
            DiagnosisStep.Connect, GapCause.CameraOffline, $"The camera refuses connections at port {port}.",
            "Check the port (RTSP usually is 554), and that RTSP is switched on in the camera."),
        SocketError.TimedOut => new(
            DiagnosisStep.Connect, GapCause.CameraOffline, "Nothing answers at this address.",
            "Check the address, that the camera has power, and that no firewall stands between."),
        SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.HostDown => new(
            DiagnosisStep.Connect, GapCause.Network, "There is no way to this address.", "Check the address, the cable and the network settings."),
        _ => new(DiagnosisStep.Connect, GapCause.Network, $"The connection failed ({error}).", "Check the address and the network."),
    };

    public static SessionOutcome TlsFailed(bool untrusted) => untrusted
        ? new(DiagnosisStep.Connect, GapCause.CameraRefused, "The camera's certificate is not trusted.",
            "Most cameras make their own certificate: accept any with the switch below the address, or with #insecure at the end of the address. Or install a trusted one in the camera.", IsPermanent: true)
        : new(DiagnosisStep.Connect, GapCause.CameraRefused, "The TLS handshake failed.", "Check whether this port speaks RTSPS; plain RTSP begins with rtsp://.");

    /// <param name="problem">Of the depacketizer: a sentence.</param>
    public static SessionOutcome CannotTakeApart(string problem) => new(
        DiagnosisStep.Describe, GapCause.BadStream, $"The camera describes its stream in a way that is not supported: {problem}", "Choose another coding in the camera.", IsPermanent: true);

    public static SessionOutcome Internal(Exception fault) => new(
        DiagnosisStep.Media, GapCause.Unknown, $"The session failed inside the recorder ({fault.GetType().Name}).", "This is a defect of the recorder: please report it.");

    public static SessionOutcome From(RtspClientEnd end) => new(
        StepOf(end), CauseOf(end), end.Message, AdviceFor(end),
        end.Reason is RtspEndReason.CredentialsNeeded or RtspEndReason.CredentialsRejected or RtspEndReason.SchemeUnsupported or RtspEndReason.NotFound
            or RtspEndReason.NotRtsp or RtspEndReason.NoSupportedTrack or RtspEndReason.TransportRefused);

    private static DiagnosisStep StepOf(RtspClientEnd end) => end.Reason switch
    {
        RtspEndReason.CredentialsNeeded or RtspEndReason.CredentialsRejected or RtspEndReason.SchemeUnsupported => DiagnosisStep.Authorize,
        _ => end.Step switch
        {
            RtspStep.Options => DiagnosisStep.Rtsp,
            RtspStep.Describe => DiagnosisStep.Describe,
            RtspStep.Setup => DiagnosisStep.Setup,
            RtspStep.Play => DiagnosisStep.Play,
            _ => DiagnosisStep.Media,
        },
    };

    private static GapCause CauseOf(RtspClientEnd end) => end.Reason switch
    {
        RtspEndReason.Stopped => GapCause.RecorderStopped,
        RtspEndReason.Stalled or RtspEndReason.NoMedia => GapCause.CameraStalled,
        RtspEndReason.Garbage or RtspEndReason.BadDescription or RtspEndReason.NoSupportedTrack => GapCause.BadStream,
        RtspEndReason.Closed or RtspEndReason.NoAnswer or RtspEndReason.EndedByServer => GapCause.CameraOffline,
        _ => GapCause.CameraRefused,
    };

    private static string AdviceFor(RtspClientEnd end) => end.Reason switch
    {
        RtspEndReason.CredentialsNeeded => "Enter the user name and the password of the camera.",
        RtspEndReason.CredentialsRejected => "Check the user name and the password; some cameras lock an account for some minutes after wrong ones.",
        RtspEndReason.SchemeUnsupported => "Switch the camera's RTSP authentication to Digest.",
        RtspEndReason.NotFound => "Check the path; the camera's manual or its ONVIF page tells it.",
        RtspEndReason.NotRtsp => "Check the port: RTSP usually is 554, and addresses that begin with rtsps:// are for TLS.",
        RtspEndReason.NoSupportedTrack => "Set the camera to H.264 or H.265.",
        RtspEndReason.TransportRefused => "Set the transport of this camera to automatic, or allow RTSP over TCP in the camera.",
        RtspEndReason.BadDescription => "Check the path, and update the camera's firmware.",
        RtspEndReason.NoMedia => "Check that the stream is switched on in the camera; over UDP, that no firewall holds the packets back.",
        RtspEndReason.Closed when end.Step == RtspStep.Options => "Check the port: something other than RTSP may listen there.",
        RtspEndReason.NoAnswer when end.Step == RtspStep.Options => "Check the port: something other than RTSP may listen there.",
        RtspEndReason.Closed when end.Step != RtspStep.Media => "The camera may serve as many viewers as it can already.",
        RtspEndReason.Refused when end.StatusCode is RtspStatus.NotEnoughBandwidth or RtspStatus.ServiceUnavailable => "The camera may serve as many viewers as it can already.",
        _ => "",
    };
}
