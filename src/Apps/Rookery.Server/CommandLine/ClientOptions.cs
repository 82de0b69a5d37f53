// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.CommandLine;

namespace Rookery.Server;

/// <summary>How the commands that talk to a running recorder reach it and log in.</summary>
internal sealed class ClientOptions
{
    private readonly Option<string?> _server = new("--server") { HelpName = "URL", Description = "The recorder. Variable: ROOKERY_SERVER. Default: http://127.0.0.1:8080" };
    private readonly Option<string?> _user = new("--user") { HelpName = "NAME", Description = "Who logs in. Variable: ROOKERY_USER" };
    private readonly Option<string?> _passwordFile = new("--password-file") { HelpName = "FILE", Description = "File with the password. Or the variable ROOKERY_PASSWORD." };
    private readonly Option<string?> _tokenFile = new("--token-file")
    {
        HelpName = "FILE", Description = "File with the token of a login, made by 'rookery login', instead of user and password. Variable: ROOKERY_TOKEN_FILE",
    };

    public ClientOptions(Command command)
    {
        foreach (Option option in (ReadOnlySpan<Option>)[_server, _user, _passwordFile, _tokenFile])
        {
            option.Recursive = true;
            command.Add(option);
        }
    }

    public string? TokenFile(ParseResult parsed) => parsed.GetValue(_tokenFile) ?? Environment.GetEnvironmentVariable("ROOKERY_TOKEN_FILE");

    /// <summary>Logs in by the token file where one is given, else by user and password.</summary>
    /// <exception cref="UsageException">It is not said who logs in.</exception>
    public async Task<ApiClient> ConnectAsync(ParseResult parsed, CancellationToken cancellation)
    {
        if (TokenFile(parsed) is { } file)
        {
            return ApiClient.WithToken(Server(parsed), Files.Read(file, "token file").Trim());
        }

        return await LogInAsync(parsed, cancellation);
    }

    public async Task<ApiClient> LogInAsync(ParseResult parsed, CancellationToken cancellation)
    {
        string user = parsed.GetValue(_user) ?? Environment.GetEnvironmentVariable("ROOKERY_USER")
            ?? throw new UsageException("Say who logs in: --user NAME with --password-file FILE (or ROOKERY_USER and ROOKERY_PASSWORD), or --token-file FILE.");
        string password = parsed.GetValue(_passwordFile) is { } file
            ? Files.Read(file, "password file").TrimEnd('\r', '\n')
            : Environment.GetEnvironmentVariable("ROOKERY_PASSWORD") ?? throw new UsageException($"Give the password of {user}: --password-file FILE, or the variable ROOKERY_PASSWORD.");
        return await ApiClient.LogInAsync(Server(parsed), user, password, cancellation);
    }

    private Uri Server(ParseResult parsed)
    {
        string text = parsed.GetValue(_server) ?? Environment.GetEnvironmentVariable("ROOKERY_SERVER") ?? "http://127.0.0.1:8080";
        return Uri.TryCreate(text, UriKind.Absolute, out Uri? server) && server.Scheme is "http" or "https"
            ? server
            : throw new UsageException($"'{text}' is no address of a recorder; one looks like http://192.0.2.5:8080.");
    }
}
