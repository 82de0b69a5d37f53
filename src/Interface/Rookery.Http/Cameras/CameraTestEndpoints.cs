// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Rookery.Media;
using Rookery.Recording;

namespace Rookery.Http;

/// <summary>Tries a camera before it is added.</summary>
internal static class CameraTestEndpoints
{
    public static void MapCameraTest(this IEndpointRouteBuilder api) =>
        api.MapPost("/cameras/test", TestAsync).WithTags("cameras")
            .WithSummary("Tries a camera step by step, in at most 15 s, and says what is wrong and what to do.").ProducesProblem(400).ProducesProblem(503);

    private static async Task<Results<Ok<CameraTestResult>, ProblemHttpResult>> TestAsync(
        HttpContext context, CameraTestInput input, CameraRegistry registry, ICameraConnector connector, WebTurns turns, CancellationToken cancellation)
    {
        CameraSource source;
        try
        {
            source = CameraAddress.Read(input.Url, input.User, input.Password, input.Transport);
            if (source.Password is null && input.CameraId is { } id && registry.Find(id)?.Source is { Password: not null } stored)
            {
                if (!stored.MayGoTo(source.Url))
                {
                    return Problems.Of(400, StoredPassword.Refusal);
                }

                source = source with { User = source.User ?? stored.User, Password = stored.Password };
            }
        }
        catch (CameraRefusedException refused)
        {
            return TypedResults.Ok(new CameraTestResult(false, DiagnosisStep.Address, "This is no address of a camera.", refused.Message, []));
        }

        if (!await turns.CameraTests.TryBeginAsync(cancellation))
        {
            context.Response.Headers.RetryAfter = "5";
            return Problems.Of(503, "Enough cameras are being tested at the moment. Try again in some seconds.");
        }

        try
        {
            CameraDiagnosis found = await connector.DiagnoseAsync(source, cancellation);
            return TypedResults.Ok(new CameraTestResult(found.Ok, found.Step, found.Message, found.Advice, [.. found.Tracks.Select(TestedTrack.Of)]));
        }
        finally
        {
            turns.CameraTests.End();
        }
    }
}

/// <param name="Url">As in a camera.</param>
/// <param name="User">As in a camera.</param>
/// <param name="Password">As in a camera.</param>
/// <param name="Transport">As in a camera.</param>
/// <param name="CameraId">Whose stored user and password to use when none are given; only for the same host and port.</param>
internal sealed record CameraTestInput(
    string Url, string? User = null, string? Password = null, MediaTransport Transport = MediaTransport.Auto, string? CameraId = null);

/// <param name="Ok">Media arrives.</param>
/// <param name="Step">The step that failed; media when all went well.</param>
/// <param name="Message">What was found.</param>
/// <param name="Advice">What to do about it; empty when all is well.</param>
/// <param name="Tracks">What the camera sends.</param>
internal sealed record CameraTestResult(bool Ok, DiagnosisStep Step, string Message, string Advice, IReadOnlyList<TestedTrack> Tracks);

internal sealed record TestedTrack(Codec Codec, int Width, int Height, double FrameRate, int SampleRate, int Channels)
{
    public static TestedTrack Of(TrackFormat format) =>
        new(format.Codec, format.Width, format.Height, Math.Round(format.NominalFrameRate, 2), format.SampleRate, format.Channels);
}
