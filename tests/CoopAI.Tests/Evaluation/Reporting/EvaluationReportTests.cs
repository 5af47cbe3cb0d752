using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using CoopAI.Evaluation;
using CoopAI.Evaluation.Files;
using CoopAI.Evaluation.Reporting;
using CoopAI.Evaluation.Retrieval;

namespace CoopAI.Tests.Evaluation.Reporting;

public sealed partial class EvaluationReportTests
{
    private static readonly Threshold Wanted = new("retrieval", "nDCG@10", 0.5, null, "Because.");

    private static EvaluationReport Report(DateTimeOffset? started = null, double time = 3)
    {
        var suite = new SuiteReport
        {
            Name = "retrieval",
            Title = "Retrieval <of> \"things\" & more",
            Description = "Ties <br> & all.",
            Figures = [new("nDCG@10", new Figure.Measured(0.6123456789, 0.55, 0.67, 40)), new("small", new Figure.Measured(0.5, null, null, 1)), new("none", new Figure.NotMeasured("No question."))],
            Tables = [new("A table", ["Row", "Value"], [["a", "1"], ["b", "<2>"]])],
            Plots =
            [
                new ReportPlot.Bars("Bars", "Two bars.", "value", [("x", 0.5), ("y", -0.25)]),
                new ReportPlot.Lines("Lines", "A line.", "x", "y", [new("s", [(0, 0), (1, 1)])], Diagonal: true),
                new ReportPlot.Matrix("Matrix", "Counts.", ["c"], [("r", [3])]),
                new ReportPlot.Bars("Empty", "No bar.", "value", []),
            ],
            Notes = ["A note."],
            Items = [new("nDCG@10", [("q1", 0.5), ("q2", 0.75)])],
            Predictions = [new JsonObject { ["id"] = "q1" }],
            Run = TrecRun.FromRankings("t", [("q1", [new("d", 1)])]),
            Times = [new("search", [.. Enumerable.Repeat(time, 30)])],
        };
        return new EvaluationReport(
            "Title <&>", "1.2.3", started ?? new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), [suite],
            Comparisons.Of([suite], [("retrieval", new ItemScores("nDCG@10", [("q1", 0.25), ("q2", 0.75), ("gone", 1)]))], "before.json"),
            Gate.Check([Wanted], [suite]));
    }

    [Fact]
    public void The_page_is_well_formed_and_needs_nothing_from_outside()
    {
        var html = HtmlReport.Render(Report());

        // Void elements apart, the page is XML: no tag is left open and every attribute is quoted.
        XDocument.Parse(VoidElement().Replace(html.Replace("<!DOCTYPE html>", "", StringComparison.Ordinal), "<$1$2/>"));
        Assert.Contains("<html lang=\"en-GB\">", html, StringComparison.Ordinal);
        Assert.DoesNotMatch("(src|href)=\"(?!#)", html);
        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
        Assert.DoesNotContain("url(", html, StringComparison.Ordinal);
        Assert.DoesNotContain("@import", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_plot_is_named_described_and_has_the_table_of_its_data()
    {
        var page = XDocument.Parse(VoidElement().Replace(HtmlReport.Render(Report()).Replace("<!DOCTYPE html>", "", StringComparison.Ordinal), "<$1$2/>"));

        var figures = page.Descendants("figure").ToArray();

        Assert.True(figures.Length >= 6); // four of the suite, one of the comparison, one of the times
        Assert.All(figures, figure =>
        {
            var svg = figure.Element("svg")!;
            var ids = svg.Attribute("aria-labelledby")!.Value.Split(' ');
            Assert.Equal<string[]>([svg.Element("title")!.Attribute("id")!.Value, svg.Element("desc")!.Attribute("id")!.Value], ids);
            Assert.NotEmpty(figure.Descendants("table"));
            Assert.NotEmpty(figure.Element("figcaption")!.Value);
        });
        Assert.All(page.Descendants("table"), table => Assert.NotNull(table.Element("caption")));
        var all = page.Descendants().Attributes("id").Select(a => a.Value).ToArray();
        Assert.Equal(all.Length, all.Distinct().Count());
    }

    [Fact]
    public void Headings_step_down_one_level_at_a_time()
    {
        var levels = Heading().Matches(HtmlReport.Render(Report())).Select(m => m.Groups[1].Value[0] - '0').ToArray();

        Assert.Equal(1, levels[0]);
        Assert.Equal(1, levels.Count(l => l == 1));
        Assert.All(levels.Zip(levels.Skip(1)), pair => Assert.True(pair.Second <= pair.First + 1));
    }

    [Fact]
    public void Two_runs_differ_in_nothing_but_their_times()
    {
        var (first, second) = (Report(), Report(new(2027, 5, 6, 7, 8, 9, TimeSpan.Zero), time: 17));

        var (a, b) = (first.ToJson(), second.ToJson());
        Assert.NotEqual(a.ToJsonString(), b.ToJsonString());
        Assert.True(a.Remove("times") && b.Remove("times"));
        Assert.Equal(a.ToJsonString(), b.ToJsonString());
        Assert.NotEqual(HtmlReport.Render(first), HtmlReport.Render(second));
        Assert.Equal(TimesBlock().Replace(HtmlReport.Render(first), ""), TimesBlock().Replace(HtmlReport.Render(second), ""));
    }

    [Fact]
    public void A_figure_that_was_not_measured_is_null_in_files_and_says_why()
    {
        var figures = Report().Summary()["metrics"]!;

        Assert.Null(figures["none"]!["value"]);
        Assert.Equal("No question.", figures["none"]!["reason"]!.GetValue<string>());
        Assert.Equal(0, figures["none"]!["n"]!.GetValue<int>());
        Assert.Equal(0.612346, figures["nDCG@10"]!["value"]!.GetValue<double>());
        Assert.True(figures["small"]!["smallSample"]!.GetValue<bool>());
        Assert.Null(figures["small"]!["low"]);
    }

    [Fact]
    public void All_files_are_written_and_the_items_are_read_back()
    {
        using var folder = new TemporaryFolder();

        Report().Write(folder.Path);
        var items = EvaluationReport.ReadItems(folder.File("report.json"));

        Assert.Equal(["predictions.jsonl", "report.html", "report.json", "run.trec"], Directory.GetFiles(folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal("q1 Q0 d 1 1 t\n", File.ReadAllText(folder.File("run.trec")));
        Assert.Equal("{\"id\":\"q1\"}\n", File.ReadAllText(folder.File("predictions.jsonl")));
        var (suite, scores) = Assert.Single(items);
        Assert.Equal(("retrieval", "nDCG@10"), (suite, scores.Metric));
        Assert.Equal([("q1", 0.5), ("q2", 0.75)], scores.Values);
    }

    [Fact]
    public void Predictions_of_several_suites_stand_in_one_file_and_say_whose_they_are()
    {
        using var folder = new TemporaryFolder();
        var report = Report();

        (report with { Suites = [report.Suites[0], report.Suites[0] with { Name = "other", Run = null }] }).Write(folder.Path);

        Assert.Equal(["{\"suite\":\"retrieval\",\"id\":\"q1\"}", "{\"suite\":\"other\",\"id\":\"q1\"}"], File.ReadAllLines(folder.File("predictions.jsonl")));
        Assert.True(File.Exists(folder.File("run.trec")));
    }

    [Fact]
    public void A_comparison_uses_the_items_that_both_have()
    {
        var comparison = Assert.Single(Report().Comparisons);

        Assert.Equal([("q1", 0.25), ("q2", 0)], comparison.Differences);
        Assert.Equal((1, 0, 1, 1), (comparison.Paired.Better, comparison.Paired.Worse, comparison.Paired.Equal, comparison.Unmatched));
        Assert.Equal(1, comparison.HolmP); // one differing item: both signs are as extreme
    }

    [Fact]
    public void A_run_compared_with_its_own_report_differs_nowhere()
    {
        using var folder = new TemporaryFolder();
        var report = Report();
        report = report with { Suites = [report.Suites[0] with { Items = [new("m", [.. Enumerable.Range(1, 40).Select(i => ($"q{i}", 1 / (i + Math.Log2(i + 1))))])] }] };
        report.Write(folder.Path);

        var comparison = Assert.Single(Comparisons.Of(report.Suites, EvaluationReport.ReadItems(folder.File("report.json")), "itself"));

        Assert.Equal((0, 0, 40, 1.0), (comparison.Paired.Better, comparison.Paired.Worse, comparison.Paired.Equal, comparison.Paired.P));
    }

    [Theory]
    [InlineData("{\"suites\":1}")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{")]
    public void A_baseline_that_is_no_report_is_refused(string text)
    {
        using var folder = new TemporaryFolder();

        var refusal = Assert.Throws<EvaluationInputException>(() => EvaluationReport.ReadItems(folder.Write("b.json", text)));

        Assert.Contains("b.json", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Ticks_are_round_numbers_that_cover_the_range()
    {
        Assert.Equal([0, 0.2, 0.4, 0.6, 0.8, 1], SvgPlot.Ticks(0, 1).Ticks.Select(t => Math.Round(t, 9)));
        Assert.Equal([-0.5, 0, 0.5, 1], SvgPlot.Ticks(-0.3, 0.9).Ticks.Select(t => Math.Round(t, 9)));
        Assert.Equal(200, SvgPlot.Ticks(0, 187).To, 9);
    }

    [GeneratedRegex("<(meta|link|br|img)([^>]*[^/])?>")]
    private static partial Regex VoidElement();

    [GeneratedRegex("<h([1-6])")]
    private static partial Regex Heading();

    [GeneratedRegex("<!-- times begin -->.*<!-- times end -->", RegexOptions.Singleline)]
    private static partial Regex TimesBlock();
}
