// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Net;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Rookery.Foundation;
using Rookery.Recording;
using Rookery.Storage;

namespace Rookery.Http;

/// <summary>What the web side is made of; the composition root owns all of it.</summary>
public sealed record WebParts
{
    public required UserStore Users { get; init; }
    public required IVideoStore Store { get; init; }
    public required IRetentionControl Retention { get; init; }
    public required IPoolControl Pool { get; init; }
    public required IDiskPlaces Places { get; init; }
    public required SetupLink Setup { get; init; }
    public required CameraRegistry Cameras { get; init; }
    public required Recorder Recorder { get; init; }
    public required ICameraConnector Connector { get; init; }
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}

/// <summary>How the web side is reached.</summary>
public sealed record WebOptions
{
    /// <summary>Address and port; port 0 takes a free one.</summary>
    public IPEndPoint Listen { get; init; } = new(IPAddress.Any, 8080);

    /// <summary>Directory of the built page; <c>null</c> for none.</summary>
    public string? PageDirectory { get; init; }
}

/// <summary>
/// Builds the web server: API, live view, playback and the page on one address. Nothing answers without a login unless its endpoint says so.
/// Limits: docs/guide/configuration.md.
/// </summary>
public static class RookeryWeb
{
    public static WebApplication Build(WebOptions options, WebParts parts, Action<ILoggingBuilder>? logging = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "rookery" });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => WebLimits.Apply(kestrel, options.Listen));
        if (logging is not null)
        {
            logging(builder.Logging);
        }

        AddServices(builder.Services, parts);
        WebApplication app = builder.Build();
        // It tells since when the recorder runs, and so begins with it.
        app.Services.GetRequiredService<SystemStatus>();
        UsePipeline(app, options);
        MapEndpoints(app);
        return app;
    }

    private static void AddServices(IServiceCollection services, WebParts parts)
    {
        services.AddSingleton(parts.Clock);
        services.AddSingleton(parts.Users);
        services.AddSingleton(parts.Store);
        services.AddSingleton(parts.Retention);
        services.AddSingleton(parts.Pool);
        services.AddSingleton(parts.Places);
        services.AddSingleton(parts.Setup);
        services.AddSingleton(parts.Cameras);
        services.AddSingleton(parts.Recorder);
        services.AddSingleton(parts.Connector);
        services.AddSingleton<Exports>();
        services.AddSingleton<WebTurns>();
        services.AddSingleton<PictureDecoder>();
        services.AddSingleton<SnapshotCache>();
        services.AddSingleton<StateFeed>();
        services.AddSingleton<SystemStatus>();
        services.AddSingleton<StorageStatus>();
        services.AddSingleton<StorageChanges>();
        services.AddSingleton(new Sessions(parts.Users, WallTime.Now(parts.Clock)));
        services.AddSingleton<IHostLifetime, QuietLifetime>();
        services.Configure<HostOptions>(host => host.ShutdownTimeout = WebLimits.ShutdownTimeout);
        services.AddSingleton<LoginThrottle>();
        services.AddSingleton<Passwords>();
        services.AddApiDescription();
        services.AddRoutingCore();
        services.Configure<RouteOptions>(routes => routes.SetParameterPolicy<Microsoft.AspNetCore.Routing.Constraints.RegexInlineRouteConstraint>("regex"));
        services.Configure<RouteHandlerOptions>(handlers => handlers.ThrowOnBadRequest = true);
        services.ConfigureHttpJsonOptions(json => ApiJson.Configure(json.SerializerOptions));
        services.AddAuthentication(SessionAuthentication.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, SessionAuthentication>(SessionAuthentication.SchemeName, configureOptions: null);
        services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
    }

    private static void UsePipeline(WebApplication app, WebOptions options)
    {
        app.UseMiddleware<ProblemMiddleware>();
        app.Use(SecurityHeaders.ApplyAsync);
        app.UsePage(options.PageDirectory);
        app.UseRouting();
        app.UseWebSockets(new WebSocketOptions { KeepAliveInterval = TimeSpan.FromSeconds(15), KeepAliveTimeout = TimeSpan.FromSeconds(30) });
        app.UseAuthentication();
        app.Use(CrossSiteRule.ApplyAsync);
        app.UseAuthorization();
    }

    private static void MapEndpoints(WebApplication app)
    {
        app.MapApiDescription();
        RouteGroupBuilder api = app.MapGroup("/api/v1");
        api.MapSetup();
        api.MapSession();
        api.MapHealth();
        api.MapSystem();
        api.MapCameras();
        api.MapCameraTest();
        api.MapRetentionClasses();
        api.MapHolds();
        api.MapStorage();
        api.MapEvents();
        api.MapTimeline();
        api.MapHls();
        api.MapExport();
        api.MapSnapshot();
        api.MapLive();
    }
}

/// <summary>Leaves signals and the console to the program: it decides in which order its parts end.</summary>
internal sealed class QuietLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
