// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;

namespace Rookery.Http;

/// <summary>
/// The browser application: built files, and its start page for every address it makes up itself (no dot in the last part, not under <c>/api</c>).
/// </summary>
[SuppressMessage("ApiDesign", "RS0030:Do not use banned APIs", Justification = "adapter: the page's files")]
internal static class PageFiles
{
    private const string StartPage = "index.html";

    /// <summary>Answers everything outside <c>/api</c>, and passes the rest on.</summary>
    public static void UsePage(this IApplicationBuilder app, string? directory) =>
        app.UseWhen(context => !context.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase), page =>
        {
            if (directory is not null && Directory.Exists(directory))
            {
                page.UseStaticFiles(new StaticFileOptions { FileProvider = new PhysicalFileProvider(directory), OnPrepareResponse = SetCaching });
            }

            string? start = directory is null ? null : Path.Combine(directory, StartPage);
            page.Run(context => ShowAsync(context, start));
        });

    private static Task ShowAsync(HttpContext context, string? start)
    {
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            return Problems.WriteAsync(context, StatusCodes.Status404NotFound, "Only the page lives here. The API is under /api/v1.");
        }

        if (Path.HasExtension(context.Request.Path.Value))
        {
            return Problems.WriteAsync(context, StatusCodes.Status404NotFound, $"There is no file {context.Request.Path}.");
        }

        if (start is null || !File.Exists(start))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return context.Response.WriteAsync("The page is not part of this build. Build it with npm in web/, or use the API under /api/v1.\n");
        }

        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.Headers.CacheControl = "no-cache";
        return context.Response.SendFileAsync(start);
    }

    // Files under assets/ carry a hash of their content in their name; everything else may change with an upgrade.
    private static void SetCaching(StaticFileResponseContext prepared) =>
        prepared.Context.Response.Headers.CacheControl =
            prepared.Context.Request.Path.StartsWithSegments("/assets", StringComparison.Ordinal) ? "public, max-age=31536000, immutable" : "no-cache";
}
