// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Net;
using Microsoft.Extensions.Logging;

namespace Rookery.Server.Tests;

public sealed class SettingsReaderTests
{
    private static readonly Dictionary<string, string> NoVariables = [];
    private static readonly Dictionary<string, string[]> NoFlags = [];

    [Fact]
    public void Without_anything_the_defaults_hold()
    {
        ServerSettings settings = SettingsReader.Read(null, NoVariables, NoFlags);
        settings.ShouldBe(new ServerSettings());
        settings.Listen.ShouldBe(new IPEndPoint(IPAddress.Any, 8080));
    }

    [Fact]
    public void Flags_win_over_variables_and_variables_over_the_file()
    {
        const string File = """{ "data": "a", "listen": "127.0.0.1:1", "logLevel": "debug" /* why not */, }""";
        Dictionary<string, string> variables = new() { ["ROOKERY_DATA"] = "b", ["ROOKERY_LISTEN"] = "127.0.0.1:2", ["PATH"] = "/bin" };
        Dictionary<string, string[]> flags = new() { ["data"] = ["c"] };
        ServerSettings settings = SettingsReader.Read(File, variables, flags);
        settings.Data.ShouldBe("c");
        settings.Listen.Port.ShouldBe(2);
        settings.LogLevel.ShouldBe(LogLevel.Debug);
    }

    [Fact]
    public void Times_of_idle_disks_have_minutes_hours_and_days()
    {
        ServerSettings settings = SettingsReader.Read("""{ "activeDisks": "4", "rotateAfter": "7d", "standbyAfter": "1.5h" }""", NoVariables, NoFlags);
        settings.ActiveDisks.ShouldBe(4);
        settings.RotateAfter.ShouldBe(TimeSpan.FromDays(7));
        settings.StandbyAfter.ShouldBe(TimeSpan.FromMinutes(90));
    }

    [Fact]
    public void A_list_is_replaced_as_a_whole_and_not_added_to()
    {
        ServerSettings settings = SettingsReader.Read(
            """{ "disk": ["/a:1G", "/b:2G"] }""", new Dictionary<string, string> { ["ROOKERY_DISK"] = "/c:3G; /d" }, NoFlags);
        settings.Disks.Select(disk => disk.Path).ShouldBe(["/c", "/d"]);
        settings.Disks[0].SizeBytes.ShouldBe(3L << 30);
        SettingsReader.Read("""{ "disk": "/a:1G" }""", NoVariables, NoFlags).Disks.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("""{ "lisen": "x" }""", "'listen'")]
    [InlineData("""{ "zzzzzzzzzz": "x" }""", "There are: data, disk")]
    [InlineData("""{ "data": true }""", "must be a text")]
    [InlineData("""{ "data": ["a"] }""", "must be a text")]
    [InlineData("""[]""", "one JSON object")]
    [InlineData("""{ "data" """, "no JSON")]
    [InlineData("""{ "listen": "nowhere" }""", "ADDRESS:PORT")]
    [InlineData("""{ "commitInterval": "1h" }""", "100ms to 5s")]
    [InlineData("""{ "memory": "1K" }""", "16M to 64G")]
    [InlineData("""{ "disk": "/a:many" }""", "not a size")]
    [InlineData("""{ "activeDisks": "0" }""", "1 to 64")]
    [InlineData("""{ "rotateAfter": "30m" }""", "1h to 365d")]
    [InlineData("""{ "standbyAfter": "1e300m" }""", "1m to 24h")]
    [InlineData("""{ "standbyAfter": "" }""", "1m to 24h")]
    [InlineData("""{ "logLevel": "loud" }""", "none of")]
    public void What_cannot_be_taken_is_told_with_what_to_write_instead(string file, string hint) =>
        Should.Throw<UsageException>(() => SettingsReader.Read(file, NoVariables, NoFlags)).Message.ShouldContain(hint);

    [Fact]
    public void An_unknown_variable_of_ours_is_an_error_and_those_of_others_are_not()
    {
        Should.Throw<UsageException>(() => SettingsReader.Read(null, new Dictionary<string, string> { ["ROOKERY_DSIK"] = "/a" }, NoFlags)).Message.ShouldContain("'ROOKERY_DISK'");
        SettingsReader.Read(null, new Dictionary<string, string> { ["ROOKERY_PASSWORD"] = "x", ["ROOKERY_TEST_X"] = "y", ["ROOK"] = "z" }, NoFlags).ShouldBe(new ServerSettings());
    }

    [Theory]
    [InlineData("8081", "0.0.0.0:8081")]
    [InlineData(":8081", "0.0.0.0:8081")]
    [InlineData("localhost:0", "127.0.0.1:0")]
    [InlineData("[::]:80", "[::]:80")]
    [InlineData("192.0.2.7:65535", "192.0.2.7:65535")]
    public void An_address_is_read_as_people_write_it(string text, string expected) =>
        SettingsReader.Read(null, NoVariables, new Dictionary<string, string[]> { ["listen"] = [text] }).Listen.ShouldBe(IPEndPoint.Parse(expected));

    [Fact]
    public void Names_have_the_same_words_in_all_three_forms()
    {
        Setting setting = KnownSettings.All.Single(known => known.Name == "setup-password-file");
        (setting.Flag, setting.Variable, setting.Member).ShouldBe(("--setup-password-file", "ROOKERY_SETUP_PASSWORD_FILE", "setupPasswordFile"));
    }

    [Theory]
    [InlineData("data", "data", 0)]
    [InlineData("DATA", "data", 0)]
    [InlineData("dsik", "disk", 1)]
    [InlineData("disks", "disk", 1)]
    [InlineData("", "disk", 4)]
    public void The_distance_of_names_counts_slips(string a, string b, int expected) => Suggestion.Distance(a, b).ShouldBe(expected);
}
