using System.Globalization;
using System.Net;
using System.Text;

namespace CoopAI.Evaluation.Reporting;

/// <summary>Draws plots as inline SVG. Colours come from the page's style sheet, so that they follow light and dark.</summary>
internal static class SvgPlot
{
    private const int Width = 680;
    private const int Height = 320;
    private const int Left = 56;
    private const int Right = 16;
    private const int Top = 12;
    private const int Bottom = 44;

    private static readonly int[] Steps = [1, 2, 5, 10];

    /// <param name="id">Unique on the page; names the title and description for assistive technology.</param>
    public static string Draw(ReportPlot plot, string id) => plot switch
    {
        ReportPlot.Bars bars => Frame(plot, id, Height, BarsBody(bars)),
        ReportPlot.Lines lines => Frame(plot, id, Height, LinesBody(lines)),
        ReportPlot.Matrix matrix => Frame(plot, id, Top + 30 + matrix.Rows.Count * 24 + 8, MatrixBody(matrix)),
        _ => throw new NotSupportedException(plot.GetType().Name),
    };

    private static string Frame(ReportPlot plot, string id, int height, string body) => string.Create(CultureInfo.InvariantCulture,
        $"<svg viewBox=\"0 0 {Width} {height}\" role=\"img\" aria-labelledby=\"{id}-t {id}-d\"><title id=\"{id}-t\">{Text(plot.Title)}</title><desc id=\"{id}-d\">{Text(plot.Description)}</desc>{body}</svg>");

    private static string BarsBody(ReportPlot.Bars plot)
    {
        var low = Math.Min(0, plot.Values.Select(v => v.Value).DefaultIfEmpty(0).Min());
        var high = Math.Max(0, plot.Values.Select(v => v.Value).DefaultIfEmpty(0).Max());
        if (low == high) high = 1;
        var (ticks, from, to) = Ticks(low, high);
        double Y(double value) => Height - Bottom - (value - from) / (to - from) * (Height - Top - Bottom);
        var svg = Grid(ticks, Y);
        var step = (double)(Width - Left - Right) / Math.Max(1, plot.Values.Count);
        for (var i = 0; i < plot.Values.Count; i++)
        {
            var value = plot.Values[i].Value;
            var (top, bottom) = (Y(Math.Max(0, value)), Y(Math.Min(0, value)));
            svg.Append(CultureInfo.InvariantCulture,
                $"<rect class=\"{(value < 0 ? "down" : "up")}\" x=\"{Left + i * step:0.##}\" y=\"{top:0.##}\" width=\"{Math.Max(step * 0.85, 0.6):0.##}\" height=\"{bottom - top:0.##}\"/>");
        }

        svg.Append(CultureInfo.InvariantCulture, $"<line class=\"axis\" x1=\"{Left}\" y1=\"{Y(0):0.##}\" x2=\"{Width - Right}\" y2=\"{Y(0):0.##}\"/>");
        Label(svg, Left, Height - 10, "start", plot.Values.Count <= 1 ? "" : $"{plot.Values.Count} items, highest first");
        YTitle(svg, plot.ValueLabel);
        return svg.ToString();
    }

    private static string LinesBody(ReportPlot.Lines plot)
    {
        var largest = plot.UnitX ? 1 : plot.Series.SelectMany(s => s.Points).Select(p => p.X).DefaultIfEmpty(1).Max();
        var (xTicks, _, xTo) = Ticks(0, largest);
        var (yTicks, _, yTo) = Ticks(0, 1);
        double X(double x) => Left + x / xTo * (Width - Left - Right);
        double Y(double y) => Height - Bottom - y / yTo * (Height - Top - Bottom);
        var svg = Grid(yTicks, Y);
        foreach (var tick in xTicks) Label(svg, X(tick), Height - Bottom + 16, "middle", Number(tick));
        if (plot.Diagonal) svg.Append(CultureInfo.InvariantCulture, $"<line class=\"axis dashed\" x1=\"{X(0):0.##}\" y1=\"{Y(0):0.##}\" x2=\"{X(1):0.##}\" y2=\"{Y(1):0.##}\"/>");
        for (var s = 0; s < plot.Series.Count; s++)
        {
            var points = string.Join(' ', plot.Series[s].Points.Select(p => string.Create(CultureInfo.InvariantCulture, $"{X(p.X):0.##},{Y(p.Y):0.##}")));
            svg.Append(CultureInfo.InvariantCulture, $"<polyline class=\"line s{s % 4}\" points=\"{points}\"/>");
            if (plot.Series[s].Points.Count <= 25)
                foreach (var (x, y) in plot.Series[s].Points) svg.Append(CultureInfo.InvariantCulture, $"<circle class=\"dot s{s % 4}\" cx=\"{X(x):0.##}\" cy=\"{Y(y):0.##}\" r=\"4\"/>");
            if (plot.Series.Count > 1) Label(svg, Width - Right - 4, Top + 16 + s * 16, "end", plot.Series[s].Name, $"s{s % 4}");
        }

        Label(svg, (Left + Width - Right) / 2.0, Height - 8, "middle", plot.XLabel);
        YTitle(svg, plot.YLabel);
        return svg.ToString();
    }

    private static string MatrixBody(ReportPlot.Matrix plot)
    {
        const int rowLabel = 150;
        var svg = new StringBuilder();
        var column = (double)(Width - rowLabel - Right) / Math.Max(1, plot.Columns.Count);
        for (var c = 0; c < plot.Columns.Count; c++) Label(svg, rowLabel + (c + 0.5) * column, Top + 16, "middle", plot.Columns[c]);
        for (var r = 0; r < plot.Rows.Count; r++)
        {
            var y = Top + 30 + r * 24;
            Label(svg, rowLabel - 8, y + 16, "end", plot.Rows[r].Row);
            var total = Math.Max(1, plot.Rows[r].Counts.Sum());
            for (var c = 0; c < plot.Columns.Count; c++)
            {
                var count = plot.Rows[r].Counts[c];
                svg.Append(CultureInfo.InvariantCulture,
                    $"<rect class=\"cell\" fill-opacity=\"{0.45 * count / total:0.###}\" x=\"{rowLabel + c * column:0.##}\" y=\"{y}\" width=\"{column - 2:0.##}\" height=\"22\"/>");
                Label(svg, rowLabel + (c + 0.5) * column, y + 16, "middle", count.ToString(CultureInfo.InvariantCulture));
            }
        }

        return svg.ToString();
    }

    private static StringBuilder Grid(IReadOnlyList<double> ticks, Func<double, double> y)
    {
        var svg = new StringBuilder();
        foreach (var tick in ticks)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<line class=\"grid\" x1=\"{Left}\" y1=\"{y(tick):0.##}\" x2=\"{Width - Right}\" y2=\"{y(tick):0.##}\"/>");
            Label(svg, Left - 6, y(tick) + 4, "end", Number(tick));
        }

        return svg;
    }

    private static void YTitle(StringBuilder svg, string text) => svg.Append(CultureInfo.InvariantCulture,
        $"<text transform=\"translate(14 {(Top + Height - Bottom) / 2}) rotate(-90)\" text-anchor=\"middle\">{Text(text)}</text>");

    private static void Label(StringBuilder svg, double x, double y, string anchor, string text, string? css = null) => svg.Append(CultureInfo.InvariantCulture,
        $"<text x=\"{x:0.##}\" y=\"{y:0.##}\" text-anchor=\"{anchor}\"{(css is null ? "" : $" class=\"{css}\"")}>{Text(text)}</text>");

    /// <summary>Round numbers that cover a range: steps of 1, 2 or 5 times a power of ten.</summary>
    internal static (IReadOnlyList<double> Ticks, double From, double To) Ticks(double low, double high)
    {
        var rough = (high - low) / 5;
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        // 1e-9: a range of exactly five steps must not be taken for more by rounding.
        var step = Steps.Select(m => m * power).First(s => s >= rough * (1 - 1e-9));
        var from = Math.Floor(low / step + 1e-9) * step;
        var count = (int)Math.Ceiling((high - from) / step - 1e-9);
        double[] ticks = [.. Enumerable.Range(0, count + 1).Select(i => from + i * step)];
        return (ticks, from, ticks[^1]);
    }

    private static string Number(double value) => Math.Round(value, 10).ToString("0.####", CultureInfo.InvariantCulture);

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
