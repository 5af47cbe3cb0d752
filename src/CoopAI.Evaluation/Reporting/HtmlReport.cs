using System.Globalization;
using System.Net;
using System.Text;

namespace CoopAI.Evaluation.Reporting;

/// <summary>The report as one HTML page without outside resources. Every plot has the table of its data.</summary>
public static class HtmlReport
{
    private const string Style = """
        :root{color-scheme:light dark;--ink:#1b1f23;--paper:#fff;--soft:#f3f4f6;--rule:#8a9099;--up:#1d6f42;--down:#a8321f;--s0:#1f5fa8;--s1:#a8321f;--s2:#1d6f42;--s3:#6b4aa0}
        @media (prefers-color-scheme:dark){:root{--ink:#e8eaed;--paper:#16191d;--soft:#23282e;--rule:#8a9099;--up:#6fce97;--down:#ff9b85;--s0:#8ec1ff;--s1:#ff9b85;--s2:#6fce97;--s3:#c9b0ff}}
        *{box-sizing:border-box}body{font:1rem/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper);max-width:60rem;margin:0 auto;padding:1rem}
        h1{line-height:1.2}h2{margin-top:2.5rem;border-top:2px solid var(--rule);padding-top:1rem}a{color:var(--s0)}
        table{border-collapse:collapse;margin:.75rem 0;font-variant-numeric:tabular-nums}caption{text-align:left;font-weight:600;padding:.25rem 0}
        th,td{text-align:left;padding:.25rem .6rem;border-bottom:1px solid var(--rule);vertical-align:top}thead th{background:var(--soft)}
        .scroll{overflow-x:auto}.figures td{min-width:5rem}.figures td:nth-child(3){min-width:11rem}.met{color:var(--up);font-weight:600}.missed{color:var(--down);font-weight:600}figure{margin:1rem 0}figcaption{font-weight:600}
        svg{width:100%;height:auto;max-width:680px;font:12px system-ui,sans-serif}svg text{fill:var(--ink)}.grid{stroke:var(--rule);stroke-opacity:.35}.axis{stroke:var(--ink)}
        .dashed{stroke-dasharray:4 4}.up{fill:var(--up)}.down{fill:var(--down)}.line{fill:none;stroke-width:2}.cell{fill:var(--s0)}
        .line.s0{stroke:var(--s0)}.line.s1{stroke:var(--s1);stroke-dasharray:6 3}.line.s2{stroke:var(--s2);stroke-dasharray:2 3}.line.s3{stroke:var(--s3);stroke-dasharray:8 3 2 3}
        .dot.s0,text.s0{fill:var(--s0)}.dot.s1,text.s1{fill:var(--s1)}.dot.s2,text.s2{fill:var(--s2)}.dot.s3,text.s3{fill:var(--s3)}
        .skip{position:absolute;left:-99rem}.skip:focus{left:1rem}summary{cursor:pointer}:focus-visible{outline:3px solid var(--s0);outline-offset:2px}
        """;

    public static string Render(EvaluationReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var html = new StringBuilder();
        html.Append(CultureInfo.InvariantCulture, $"<!DOCTYPE html>\n<html lang=\"en-GB\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{Text(report.Title)}</title>\n<style>\n{Style}\n</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#main\">Skip to the figures</a>\n<header>\n<h1>{Text(report.Title)}</h1>\n");
        html.Append(CultureInfo.InvariantCulture, $"<p>CoopAI {Text(report.Version)}. Intervals are 95%: percentile bootstrap with 10,000 seeded draws for means and ratios, Wilson's for plain shares. Figures on fewer than {Figure.SmallSampleBelow} items are marked as small samples.</p>\n");
        html.Append("<nav aria-label=\"Contents\">\n<ul>\n");
        if (report.Gates.Count > 0) html.Append("<li><a href=\"#gates\">Thresholds</a></li>\n");
        foreach (var suite in report.Suites) html.Append(CultureInfo.InvariantCulture, $"<li><a href=\"#{Id(suite.Name)}\">{Text(suite.Title)}</a></li>\n");
        if (report.Comparisons.Count > 0) html.Append("<li><a href=\"#comparisons\">Compared with the baseline</a></li>\n");
        html.Append("<li><a href=\"#times\">Times</a></li>\n</ul>\n</nav>\n</header>\n<main id=\"main\">\n");

        if (report.Gates.Count > 0) Gates(html, report.Gates);
        foreach (var suite in report.Suites) Suite(html, suite);
        if (report.Comparisons.Count > 0) Compared(html, report.Comparisons);
        Times(html, report);
        return html.Append("</main>\n</body>\n</html>\n").ToString();
    }

    private static void Gates(StringBuilder html, IReadOnlyList<GateResult> gates)
    {
        html.Append(CultureInfo.InvariantCulture, $"<section aria-labelledby=\"gates\">\n<h2 id=\"gates\">Thresholds</h2>\n<p>{gates.Count(g => g.Met)} of {gates.Count} thresholds are met.</p>\n");
        html.Append("<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"Thresholds\"><table>\n<caption>What each figure must reach, and why</caption>\n<thead><tr><th scope=\"col\">Figure</th><th scope=\"col\">Measured</th><th scope=\"col\">Wanted</th><th scope=\"col\">Result</th><th scope=\"col\">Reason</th></tr></thead>\n<tbody>\n");
        foreach (var (threshold, figure, met) in gates)
        {
            var wanted = threshold.Min is { } min ? string.Create(CultureInfo.InvariantCulture, $"at least {min}") : string.Create(CultureInfo.InvariantCulture, $"at most {threshold.Max}");
            html.Append(CultureInfo.InvariantCulture, $"<tr><th scope=\"row\">{Text(threshold.Suite)}, {Text(threshold.Metric)}</th><td>{Text(ReportText.Of(figure))}</td><td>{wanted}</td><td class=\"{(met ? "met" : "missed")}\">{(met ? "met" : "missed")}</td><td>{Text(threshold.Reason)}</td></tr>\n");
        }

        html.Append("</tbody>\n</table></div>\n</section>\n");
    }

    private static void Suite(StringBuilder html, SuiteReport suite)
    {
        var id = Id(suite.Name);
        html.Append(CultureInfo.InvariantCulture, $"<section aria-labelledby=\"{id}\">\n<h2 id=\"{id}\">{Text(suite.Title)}</h2>\n<p>{Text(suite.Description)}</p>\n");
        if (suite.Notes.Count > 0)
            html.Append("<h3>Notes</h3>\n<ul>\n").AppendJoin("", suite.Notes.Select(n => $"<li>{Text(n)}</li>\n")).Append("</ul>\n");
        if (suite.Figures.Count > 0)
        {
            html.Append("<h3>Figures</h3>\n");
            Table(html, new ReportTable($"{suite.Title}: figures with 95% intervals", ["Figure", "Value", "Interval", "n"], [.. suite.Figures.Select(Row)]), "figures");
        }

        foreach (var table in suite.Tables)
        {
            html.Append(CultureInfo.InvariantCulture, $"<h3>{Text(table.Title)}</h3>\n");
            Table(html, table);
        }

        for (var i = 0; i < suite.Plots.Count; i++) Plot(html, suite.Plots[i], string.Create(CultureInfo.InvariantCulture, $"{id}-plot-{i + 1}"));
        html.Append("</section>\n");
    }

    private static string[] Row(NamedFigure named) => named.Figure switch
    {
        Figure.Measured m => [named.Name, ReportText.Digits(m.Value), m.Low is { } low ? $"{ReportText.Digits(low)} to {ReportText.Digits(m.High!.Value)}" : "none",
            m.N.ToString(CultureInfo.InvariantCulture) + (m.SmallSample ? " (small sample)" : "")],
        Figure.NotMeasured n => [named.Name, "not measured", n.Reason, "0"],
        _ => throw new NotSupportedException(named.Figure.GetType().Name),
    };

    private static void Compared(StringBuilder html, IReadOnlyList<Comparison> comparisons)
    {
        html.Append("<section aria-labelledby=\"comparisons\">\n<h2 id=\"comparisons\">Compared with the baseline</h2>\n");
        html.Append(CultureInfo.InvariantCulture, $"<p>Paired randomisation tests, two-sided. {comparisons.Count} figures are compared at once: read the corrected p-value (Holm), which holds for all of them together. A difference that is not significant is not shown to be absent.</p>\n");
        Table(html, new ReportTable($"Differences from {comparisons[0].Baseline}", ["Figure", "Difference", "p", "p corrected", "Better", "Worse", "Equal", "Not in both"],
        [.. comparisons.Select(c => (IReadOnlyList<string>)[$"{c.Suite}, {c.Metric}", ReportText.Of(c.Paired.Difference), ReportText.P(c.Paired.P), ReportText.P(c.HolmP),
            Count(c.Paired.Better), Count(c.Paired.Worse), Count(c.Paired.Equal), Count(c.Unmatched)])]));
        foreach (var (index, first) in comparisons.GroupBy(c => c.Suite).Select(g => g.First()).Index())
        {
            Plot(html, new ReportPlot.Bars(
                $"{first.Suite}: difference in {first.Metric} by item", $"{first.Paired.Better} items are better than in the baseline, {first.Paired.Worse} worse, {first.Paired.Equal} equal.",
                "this run − baseline", [.. first.Differences.OrderByDescending(d => d.Value).ThenBy(d => d.Id, StringComparer.Ordinal)]), string.Create(CultureInfo.InvariantCulture, $"comparison-plot-{index + 1}"));
        }

        html.Append("</section>\n");

        static string Count(int count) => count.ToString(CultureInfo.InvariantCulture);
    }

    private static void Times(StringBuilder html, EvaluationReport report)
    {
        // All that differs between two runs stands between these two marks.
        html.Append("<!-- times begin -->\n<section aria-labelledby=\"times\">\n<h2 id=\"times\">Times</h2>\n");
        html.Append(CultureInfo.InvariantCulture, $"<p>Started {report.Started.UtcDateTime:d MMMM yyyy, HH:mm} UTC. Times depend on the machine and on what else runs there; everything above does not.</p>\n");
        Timing[] all = [.. report.Suites.SelectMany(s => s.Times.Select(t => t with { Step = $"{s.Name}: {t.Step}" }))];
        Table(html, new ReportTable("Milliseconds by step", ["Step", "Count", "Total", "Median", "95th percentile"],
        [.. all.Select(t => (IReadOnlyList<string>)[t.Step, t.Milliseconds.Count.ToString(CultureInfo.InvariantCulture), Ms(t.Milliseconds.Sum()), Ms(EvaluationReport.Quantile(t, 0.5)), Ms(EvaluationReport.Quantile(t, 0.95))])]));
        foreach (var (index, timing) in all.Where(t => t.Milliseconds.Count >= 20).Index())
        {
            double[] sorted = [.. timing.Milliseconds.Order()];
            Plot(html, new ReportPlot.Lines($"{timing.Step}: share done within a time", $"Half are done within {Ms(EvaluationReport.Quantile(timing, 0.5))} ms, 95% within {Ms(EvaluationReport.Quantile(timing, 0.95))} ms.",
                "milliseconds", "share done", [new PlotSeries(timing.Step, [.. Enumerable.Range(1, 20).Select(i => (Statistics.Bootstrap.Quantile(sorted, i / 20.0), i / 20.0))])], UnitX: false),
                string.Create(CultureInfo.InvariantCulture, $"times-plot-{index + 1}"));
        }

        html.Append("</section>\n<!-- times end -->\n");

        static string Ms(double? value) => value?.ToString("0.##", CultureInfo.InvariantCulture) ?? "–";
    }

    private static void Plot(StringBuilder html, ReportPlot plot, string id)
    {
        html.Append(CultureInfo.InvariantCulture, $"<figure>\n<figcaption>{Text(plot.Title)}</figcaption>\n{SvgPlot.Draw(plot, id)}\n<p>{Text(plot.Description)}</p>\n<details>\n<summary>Data of “{Text(plot.Title)}”</summary>\n");
        Table(html, Data(plot));
        html.Append("</details>\n</figure>\n");
    }

    private static ReportTable Data(ReportPlot plot) => plot switch
    {
        ReportPlot.Bars bars => new(plot.Title, ["Item", bars.ValueLabel], [.. bars.Values.Select(v => (IReadOnlyList<string>)[v.Label, ReportText.Digits(v.Value)])]),
        ReportPlot.Lines lines => new(plot.Title, ["Line", lines.XLabel, lines.YLabel],
            [.. lines.Series.SelectMany(s => s.Points.Select(p => (IReadOnlyList<string>)[s.Name, ReportText.Digits(p.X), ReportText.Digits(p.Y)]))]),
        ReportPlot.Matrix matrix => new(plot.Title, ["", .. matrix.Columns], [.. matrix.Rows.Select(r => (IReadOnlyList<string>)[r.Row, .. r.Counts.Select(c => c.ToString(CultureInfo.InvariantCulture))])]),
        _ => throw new NotSupportedException(plot.GetType().Name),
    };

    private static void Table(StringBuilder html, ReportTable table, string? css = null)
    {
        html.Append(CultureInfo.InvariantCulture, $"<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"{Text(table.Title)}\"><table{(css is null ? "" : $" class=\"{css}\"")}>\n<caption>{Text(table.Title)}</caption>\n<thead><tr>");
        foreach (var column in table.Columns) html.Append(column.Length == 0 ? "<td></td>" : $"<th scope=\"col\">{Text(column)}</th>");
        html.Append("</tr></thead>\n<tbody>\n");
        foreach (var row in table.Rows)
        {
            html.Append(CultureInfo.InvariantCulture, $"<tr><th scope=\"row\">{Text(row[0])}</th>");
            foreach (var cell in row.Skip(1)) html.Append(CultureInfo.InvariantCulture, $"<td>{Text(cell)}</td>");
            html.Append("</tr>\n");
        }

        html.Append("</tbody>\n</table></div>\n");
    }

    private static string Id(string name) => "suite-" + string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) ? char.ToLowerInvariant(c) : '-'));

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
