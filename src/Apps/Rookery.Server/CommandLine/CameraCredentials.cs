// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.CommandLine;
using System.Text.Json.Nodes;

namespace Rookery.Server;

/// <summary>How a camera is reached, as options.</summary>
internal sealed class CameraCredentials
{
    private readonly Option<string?> _user = new("--camera-user") { HelpName = "NAME", Description = "User name at the camera." };
    private readonly Option<string?> _passwordFile = new("--camera-password-file") { HelpName = "FILE", Description = "File with the password at the camera." };
    private readonly Option<string> _transport = new("--transport") { Description = "How media travels.", DefaultValueFactory = _ => "auto" };

    public CameraCredentials() => _transport.AcceptOnlyFromAmong("auto", "tcp", "udp");

    public void AddTo(Command command)
    {
        command.Add(_user);
        command.Add(_passwordFile);
        command.Add(_transport);
    }

    /// <summary>The members of the API's input that say how to reach the camera.</summary>
    public JsonObject Read(ParseResult parsed, string url) => new()
    {
        ["url"] = url,
        ["user"] = parsed.GetValue(_user),
        ["password"] = parsed.GetValue(_passwordFile) is { } file ? Files.Read(file, "password file").TrimEnd('\r', '\n') : null,
        ["transport"] = parsed.GetValue(_transport),
    };
}
