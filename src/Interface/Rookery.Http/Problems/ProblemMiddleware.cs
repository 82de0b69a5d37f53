// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;
using Rookery.Storage;

namespace Rookery.Http;

/// <summary>
/// The outermost layer of the API: whatever goes wrong below becomes problem details, and no failure of one request becomes more than an answer.
/// </summary>
internal sealed partial class ProblemMiddleware(RequestDelegate next, ILogger<ProblemMiddleware> log)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
            if (context.Response is { HasStarted: false, StatusCode: >= 400, ContentLength: null, ContentType: null })
            {
                await Problems.WriteAsync(context, context.Response.StatusCode, Describe(context));
            }
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller went away; there is nobody to answer.
        }
        catch (BadHttpRequestException refused) when (!context.Response.HasStarted)
        {
            await Problems.WriteAsync(context, refused.StatusCode, Describe(context, refused));
        }
        catch (RecordLostException lost)
        {
            LogLost(lost.Message, context.Request.Path);
            if (context.Response.HasStarted)
            {
                // The length was promised; only a broken connection tells that it was not kept.
                context.Abort();
                return;
            }

            context.Response.Clear();
            await Problems.WriteAsync(context, StatusCodes.Status404NotFound, "What was recorded there was freed meanwhile, or is damaged beyond repair.");
        }
        catch (Exception failure) when (!context.Response.HasStarted)
        {
            LogFailure(failure, context.Request.Method, context.Request.Path);
            context.Response.Clear();
            await Problems.WriteAsync(context, StatusCodes.Status500InternalServerError, "The recorder failed at this. Its log says more; recording is not affected.");
        }
    }

    private static string TooLarge => $"The body is larger than {WebLimits.MaximumBodyBytes >> 10} KiB, the most that is taken.";

    private static string Describe(HttpContext context, BadHttpRequestException refused) => refused switch
    {
        { StatusCode: StatusCodes.Status413PayloadTooLarge } => TooLarge,
        // The inner message names the member and position that JSON could not be read at, and our types, which are nobody's business.
        { InnerException: System.Text.Json.JsonException json } => $"The body is not what this address takes: {json.Message.Replace("Rookery.Http.", "", StringComparison.Ordinal)}",
        { StatusCode: StatusCodes.Status400BadRequest } when context.Request.ContentLength is null or 0 && context.GetEndpoint()?.Metadata.GetMetadata<IAcceptsMetadata>() is not null =>
            "This address wants a body in JSON.",
        _ => refused.Message,
    };

    private static string Describe(HttpContext context) => context.Response.StatusCode switch
    {
        404 => $"There is nothing at {context.Request.Path}.",
        405 => $"{context.Request.Method} is not possible here; possible are {context.Response.Headers.Allow}.",
        413 => TooLarge,
        415 => "The body must be JSON: send Content-Type: application/json.",
        int status => ReasonPhrases.GetReasonPhrase(status) + ".",
    };

    [LoggerMessage(EventId = 3002, Level = LogLevel.Warning, Message = "{Path} could not be read to its end: {Reason}")]
    private partial void LogLost(string reason, PathString path);

    [LoggerMessage(EventId = 3001, Level = LogLevel.Error, Message = "{Method} {Path} failed")]
    private partial void LogFailure(Exception failure, string method, PathString path);
}
