// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Microsoft.AspNetCore.Http;

namespace Rookery.Http;

/// <summary>The cookie that carries a session's token: out of reach of scripts, never sent by other sites' pages.</summary>
internal static class SessionCookie
{
    public const string Name = "rookery_session";

    public static void Set(HttpContext context, string token) => context.Response.Cookies.Append(Name, token, Options(context, Sessions.Lifetime));

    public static void Clear(HttpContext context) => context.Response.Cookies.Delete(Name, Options(context, lifetime: null));

    private static CookieOptions Options(HttpContext context, TimeSpan? lifetime) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Strict,
        Secure = context.Request.IsHttps,
        Path = "/",
        MaxAge = lifetime,
    };
}
