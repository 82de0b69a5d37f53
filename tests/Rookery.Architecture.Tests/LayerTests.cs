// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Xml.Linq;

namespace Rookery.Architecture.Tests;

/// <summary>Arrows point down only: Apps → Interface, Manager, Client → Core → Kernel; within a layer they form no circle (the build sees to that).</summary>
public sealed class LayerTests
{
    private static readonly Dictionary<string, int> Heights = new() { ["Kernel"] = 0, ["Core"] = 1, ["Interface"] = 2, ["Manager"] = 2, ["Client"] = 2, ["Apps"] = 3 };

    [Fact]
    public void No_project_refers_to_a_higher_layer()
    {
        string[] projects = [.. Repository.Files.Where(path => path.StartsWith("src/") && path.EndsWith(".csproj"))];
        projects.Length.ShouldBeGreaterThan(5);
        Upward(projects.SelectMany(References)).ShouldBeEmpty();
    }

    [Fact]
    public void An_upward_reference_would_be_found() =>
        Upward([("src/Kernel/A/A.csproj", "src/Core/B/B.csproj"), ("src/Core/B/B.csproj", "src/Kernel/A/A.csproj")])
            .ShouldBe(["src/Kernel/A/A.csproj → src/Core/B/B.csproj"]);

    [Theory]
    [InlineData("src/Kernel/Rookery.Storage", "Rookery.Media")]
    [InlineData("src/Core/Rookery.Media", "Rookery.Storage")]
    public void The_store_knows_no_video_and_media_no_store(string folder, string stranger)
    {
        string[] sources = [.. Repository.Files.Where(path => path.StartsWith(folder + "/") && path.EndsWith(".cs"))];
        sources.ShouldNotBeEmpty();
        sources.Where(path => Repository.Read(path).Contains($"using {stranger}", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public void Product_code_refers_to_no_test_project() =>
        Repository.Files.Where(path => path.StartsWith("src/") && path.EndsWith(".csproj"))
            .SelectMany(References).Where(reference => reference.To.StartsWith("tests/")).ShouldBeEmpty();

    private static IEnumerable<string> Upward(IEnumerable<(string From, string To)> references) =>
        references.Where(reference => Height(reference.To) > Height(reference.From)).Select(reference => $"{reference.From} → {reference.To}");

    private static int Height(string project) => Heights[project.Split('/')[1]];

    private static IEnumerable<(string From, string To)> References(string project)
    {
        string folder = Path.GetDirectoryName(Path.Combine(Repository.Root, project))!;
        return XDocument.Parse(Repository.Read(project)).Descendants("ProjectReference")
            .Select(reference => Path.GetRelativePath(Repository.Root, Path.GetFullPath(Path.Combine(folder, (string)reference.Attribute("Include")!))))
            .Select(to => (project, to));
    }
}
