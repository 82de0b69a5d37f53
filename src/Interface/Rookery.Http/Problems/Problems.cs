// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.WebUtilities;

namespace Rookery.Http;

/// <summary>Refusals as problem details (RFC 9457): <c>detail</c> says what was wrong and what to do.</summary>
internal static class Problems
{
    public static ProblemHttpResult Of(int status, string detail) =>
        TypedResults.Problem(detail, statusCode: status, title: ReasonPhrases.GetReasonPhrase(status), type: "about:blank");

    public static Task WriteAsync(HttpContext context, int status, string detail) => Of(status, detail).ExecuteAsync(context);
}
