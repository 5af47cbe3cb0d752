using System.Xml.Linq;

namespace CoopAI.Tests.Packaging;

public sealed class ThirdPartyTests
{
    private static readonly char[] Between = [' ', ',', '(', ')'];

    [Fact]
    public void Every_package_has_a_row_with_its_name_its_version_and_a_licence()
    {
        var rows = File.ReadAllLines(RepositoryFiles.Find("THIRD-PARTY.md")).Where(l => l.StartsWith("| ", StringComparison.Ordinal)).Select(l => l.Split('|', StringSplitOptions.TrimEntries)).ToArray();
        var packages = XDocument.Load(RepositoryFiles.Find("Directory.Packages.props")).Descendants("PackageVersion")
            .Select(p => (Name: p.Attribute("Include")!.Value, Version: p.Attribute("Version")!.Value)).ToArray();

        Assert.NotEmpty(packages);
        Assert.Empty(packages.Where(p => !rows.Any(r => r[1].Split(Between).Contains(p.Name) && r[2].Split(Between).Contains(p.Version) && r[3].Length > 0)).Select(p => $"{p.Name} {p.Version} has no row in THIRD-PARTY.md"));
    }
}
