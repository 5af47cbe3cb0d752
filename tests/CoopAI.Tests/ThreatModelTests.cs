using System.Text.RegularExpressions;
using CoopAI.Tests.Core.Guidance;

namespace CoopAI.Tests;

/// <summary>What the threat model claims has a test, and what it counts is counted right.</summary>
public partial class ThreatModelTests
{
    private static readonly string Text = File.ReadAllText(GuidanceFiles.PathOf("docs", "threat-model.md"));

    [Fact]
    public void Each_test_that_the_threat_model_names_exists()
    {
        var sources = new[] { "CoopAI.Tests", "CoopAI.Web.Tests" }.SelectMany(p => Directory.EnumerateFiles(GuidanceFiles.PathOf("tests", p), "*.cs", SearchOption.AllDirectories)).Select(File.ReadAllText).ToList();
        var named = Named().Matches(Text).Select(m => (Class: m.Groups["class"].Value, Method: m.Groups["method"].Value)).Distinct().ToList();
        Assert.True(named.Count > 50, $"only {named.Count} tests are named");

        var missing = named.Where(n => !sources.Exists(s => Regex.IsMatch(s, $@"\bclass {n.Class}\b", RegexOptions.NonBacktracking) && (n.Method.Length == 0 || s.Contains($" {n.Method}(", StringComparison.Ordinal))));

        Assert.Empty(missing.Select(n => $"{n.Class}.{n.Method}"));
    }

    [Fact]
    public void Each_row_that_is_met_names_a_test_and_the_sums_are_right()
    {
        var rows = Row().Matches(Text).Select(m => (Row: m.Groups["row"].Value, State: m.Groups["state"].Value, Test: m.Groups["test"].Value.Trim())).ToList();

        Assert.Empty(rows.Where(r => r.State == "met" && r.Test.Length == 0).Select(r => r.Row));
        Assert.Equal(rows.Count, rows.Select(r => r.Row).Distinct().Count());
        int Of(string state) => rows.Count(r => r.State == state);
        Assert.Contains($"Of {rows.Count} rows {Of("met")} are met, {Of("n/a")} do not apply, {Of("operator")} are whoever runs the service's, {Of("open")} are open.", Text, StringComparison.Ordinal);
        Assert.Equal(253, rows.Count);
    }

    [Fact]
    public void The_security_page_leads_to_it() =>
        Assert.Contains("docs/threat-model.md", File.ReadAllText(GuidanceFiles.PathOf("SECURITY.md")), StringComparison.Ordinal);

    [GeneratedRegex(@"`(?<class>[A-Z][A-Za-z]+Tests)(?:\.(?<method>\w+))?`", RegexOptions.NonBacktracking)]
    private static partial Regex Named();

    [GeneratedRegex(@"^\| (?<row>V\d+\.\d+\.\d+) \| (?<state>[a-z/]+) \| (?<how>[^|\n]*) \|(?<test>[^|\n]*)\|$", RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex Row();
}
