// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Architecture.Tests;

public sealed class SourceTests
{
    private static readonly Dictionary<string, string> CommentSigns = new() { [".cs"] = "//", [".ts"] = "//", [".tsx"] = "//", [".mjs"] = "//", [".sh"] = "#", [".py"] = "#" };

    [Fact]
    public void Every_source_file_begins_with_the_licence()
    {
        string[] without = [.. Repository.Files.Where(path => CommentSigns.ContainsKey(Path.GetExtension(path)) && !IsGenerated(path)).Where(path => !HasLicence(path))];
        without.ShouldBeEmpty();
    }

    [Fact]
    public void No_source_file_is_longer_than_800_lines() =>
        Repository.Files.Where(path => CommentSigns.ContainsKey(Path.GetExtension(path)) && !IsGenerated(path))
            .Where(path => Repository.Read(path).AsSpan().Count('\n') > 800).ShouldBeEmpty();

    [Fact]
    public void Every_project_has_a_lock_file()
    {
        string[] projects = [.. Repository.Files.Where(path => path.EndsWith(".csproj"))];
        projects.Where(path => !Repository.Files.Contains(Path.GetDirectoryName(path) + "/packages.lock.json")).ShouldBeEmpty();
    }

    [Fact]
    public void No_lock_file_names_the_host_it_came_from() =>
        Repository.Files.Where(path => path.EndsWith("package-lock.json"))
            .Where(path => Repository.Read(path).Contains("\"resolved\"", StringComparison.Ordinal)).ShouldBeEmpty();

    [Fact]
    public void Product_code_has_no_unfinished_member() =>
        Repository.Files.Where(path => path.StartsWith("src/") && path.EndsWith(".cs"))
            .Where(path => Repository.Read(path).Contains("NotImplementedException", StringComparison.Ordinal)).ShouldBeEmpty();

    private static bool HasLicence(string path)
    {
        string sign = CommentSigns[Path.GetExtension(path)];
        string text = Repository.Read(path);
        text = text.StartsWith("#!", StringComparison.Ordinal) ? text[(text.IndexOf('\n') + 1)..] : text;
        return text.StartsWith($"{sign} Copyright the Rookery authors\n{sign} SPDX-License-Identifier: Apache-2.0\n", StringComparison.Ordinal);
    }

    private static bool IsGenerated(string path) => path.Contains("/generated/") || path.EndsWith(".d.ts");
}
