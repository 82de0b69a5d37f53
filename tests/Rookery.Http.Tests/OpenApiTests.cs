// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Text.Json;

namespace Rookery.Http.Tests;

public sealed class OpenApiTests
{
    /// <summary>Goal: whoever changes the API sees it in the diff of the committed description. Run with ROOKERY_TEST_UPDATE=1 to write it anew.</summary>
    [Fact]
    public async Task The_committed_description_is_that_of_the_endpoints()
    {
        await using RunningWeb web = await RunningWeb.StartAsync();
        JsonElement document = JsonDocument.Parse(await web.Client.GetStringAsync("/api/v1/openapi.json")).RootElement;
        string text = JsonSerializer.Serialize(document, Indented).ReplaceLineEndings("\n") + "\n";
        string committed = Path.Combine(Root(), "docs", "ref", "openapi.json");
        if (Environment.GetEnvironmentVariable("ROOKERY_TEST_UPDATE") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(committed)!);
            await File.WriteAllTextAsync(committed, text);
        }

        File.Exists(committed).ShouldBeTrue();
        (await File.ReadAllTextAsync(committed)).ShouldBe(text, "the API changed: run this test with ROOKERY_TEST_UPDATE=1, look at the diff, and commit it");
    }

    [Fact]
    public async Task It_is_openapi_3_1_and_tells_times_and_names_as_they_are_written()
    {
        await using RunningWeb web = await RunningWeb.StartAsync();
        JsonElement document = JsonDocument.Parse(await web.Client.GetStringAsync("/api/v1/openapi.json")).RootElement;
        document.GetProperty("openapi").GetString()!.ShouldStartWith("3.1");
        JsonElement schemas = document.GetProperty("components").GetProperty("schemas");
        schemas.GetProperty("WallTime").GetProperty("format").GetString().ShouldBe("date-time");
        schemas.GetProperty("GapCause").GetProperty("enum").EnumerateArray().Select(name => name.GetString()).ShouldContain("cameraOffline");
    }

    [Fact]
    public async Task It_says_how_to_log_in_and_what_wants_a_login()
    {
        await using RunningWeb web = await RunningWeb.StartAsync();
        JsonElement document = JsonDocument.Parse(await web.Client.GetStringAsync("/api/v1/openapi.json")).RootElement;
        JsonElement schemes = document.GetProperty("components").GetProperty("securitySchemes");
        schemes.GetProperty("session").GetProperty("name").GetString().ShouldBe(SessionCookie.Name);
        schemes.GetProperty("token").GetProperty("scheme").GetString().ShouldBe("bearer");

        foreach (JsonProperty path in document.GetProperty("paths").EnumerateObject())
        {
            foreach (JsonProperty operation in path.Value.EnumerateObject().Where(member => member.Value.TryGetProperty("responses", out _)))
            {
                bool isOpen = path.Name is "/api/v1/health" or "/api/v1/setup" || (path.Name == "/api/v1/session" && operation.Name != "delete");
                operation.Value.TryGetProperty("security", out _).ShouldBe(!isOpen, $"{operation.Name} {path.Name}");
                if (!isOpen)
                {
                    operation.Value.GetProperty("responses").TryGetProperty("401", out _).ShouldBeTrue($"{operation.Name} {path.Name}");
                }
            }
        }
    }

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static string Root()
    {
        DirectoryInfo? directory = new(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "Rookery.slnx")))
        {
            directory = directory.Parent;
        }

        return directory?.FullName ?? throw new InvalidOperationException("The repository's root was not found above the test's directory.");
    }
}
