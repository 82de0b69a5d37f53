// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Microsoft.AspNetCore.Http;

namespace Rookery.Http;

/// <summary>
/// Refuses what another site's page could make a browser do in the user's name: a change by cookie without the <c>X-Rookery-Csrf</c> header, which a
/// form cannot set and a foreign script may not, and a WebSocket whose <c>Origin</c> is another host (browsers ask nobody before they open one).
/// </summary>
internal static class CrossSiteRule
{
    public const string Header = "X-Rookery-Csrf";

    public static Task ApplyAsync(HttpContext context, RequestDelegate next)
    {
        if (context.WebSockets.IsWebSocketRequest && !ComesFromOurPage(context.Request))
        {
            return Problems.WriteAsync(context, StatusCodes.Status403Forbidden, "This connection was opened by a page of another site.");
        }

        bool changes = !HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method) && !HttpMethods.IsOptions(context.Request.Method);
        if (changes && context.User.HasClaim(claim => claim.Type == SessionAuthentication.ByCookie) && !context.Request.Headers.ContainsKey(Header))
        {
            return Problems.WriteAsync(context, StatusCodes.Status403Forbidden, $"A change by cookie needs the header {Header} (any value).");
        }

        return next(context);
    }

    private static bool ComesFromOurPage(HttpRequest request)
    {
        string origin = request.Headers.Origin.ToString();
        // Programs send no Origin; they hold no browser's cookies either.
        return origin.Length == 0
            || (Uri.TryCreate(origin, UriKind.Absolute, out Uri? uri) && string.Equals(uri.Authority, HostString(request), StringComparison.OrdinalIgnoreCase));
    }

    // Uri.Authority leaves a scheme's default port out; so do we.
    private static string HostString(HttpRequest request) =>
        Uri.TryCreate($"{request.Scheme}://{request.Host}", UriKind.Absolute, out Uri? uri) ? uri.Authority : request.Host.Value ?? "";
}
