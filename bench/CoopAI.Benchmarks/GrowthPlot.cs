using System.Globalization;
using System.Text;

namespace CoopAI.Benchmarks;

/// <summary>Small plots side by side over one axis, both axes logarithmic, as an SVG that needs nothing else.</summary>
internal static class GrowthPlot
{
    private const int Width = 230, Height = 190, Left = 14, Right = 30, Top = 40, Bottom = 40;

    /// <param name="x">Passages, ascending, positive.</param>
    /// <param name="panels">Title, unit and one positive value for each x.</param>
    public static string Draw(IReadOnlyList<double> x, IReadOnlyList<(string Title, string Unit, IReadOnlyList<double> Values)> panels)
    {
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width * panels.Count} {Height}\" role=\"img\" font-family=\"sans-serif\" font-size=\"12\" fill=\"#0b0c0c\">\n");
        svg.Append("<title>How cost grows with the number of passages</title>\n<desc>");
        foreach (var (title, unit, values) in panels) svg.Append(CultureInfo.InvariantCulture, $"{title}: {string.Join(", ", x.Zip(values, (n, v) => $"{Number(v)} {unit} at {Number(n)} passages"))}. ");
        svg.Append(CultureInfo.InvariantCulture, $"</desc>\n<rect width=\"{Width * panels.Count}\" height=\"{Height}\" fill=\"#ffffff\"/>\n");
        for (var p = 0; p < panels.Count; p++) Panel(svg, p * Width, x, panels[p]);
        return svg.Append("</svg>\n").ToString();
    }

    private static void Panel(StringBuilder svg, int offset, IReadOnlyList<double> x, (string Title, string Unit, IReadOnlyList<double> Values) panel)
    {
        // At least a factor of ten, so that a flat line looks flat.
        var (low, high) = (panel.Values.Min(), panel.Values.Max());
        if (high < 10 * low) (low, high) = (Math.Sqrt(low * high / 10), Math.Sqrt(low * high * 10));
        var points = x.Zip(panel.Values, (n, v) => (
            X: offset + Left + ((Width - Left - Right) * Share(n, x[0], x[^1])),
            Y: Height - Bottom - ((Height - Top - Bottom) * Share(v, low, high)), N: n, V: v)).ToList();
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{offset + Left}\" y=\"16\" font-weight=\"bold\">{panel.Title}</text>\n");
        svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"{offset + Left}\" y1=\"{Height - Bottom + 6}\" x2=\"{offset + Width - Right}\" y2=\"{Height - Bottom + 6}\" stroke=\"#505a5f\"/>\n");
        svg.Append(CultureInfo.InvariantCulture, $"<polyline fill=\"none\" stroke=\"#1d70b8\" stroke-width=\"2\" points=\"{string.Join(' ', points.Select(q => $"{Place(q.X)},{Place(q.Y)}"))}\"/>\n");
        foreach (var (px, py, n, v) in points)
        {
            var anchor = n == x[0] ? "start" : n == x[^1] ? "end" : "middle";
            svg.Append(CultureInfo.InvariantCulture, $"<circle cx=\"{Place(px)}\" cy=\"{Place(py)}\" r=\"3\" fill=\"#1d70b8\"/>\n");
            // The second size stands so near the first that its labels go below the line.
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Place(px)}\" y=\"{Place(anchor == "middle" ? py + 18 : py - 8)}\" text-anchor=\"{anchor}\">{Number(v)} {panel.Unit}</text>\n");
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Place(px)}\" y=\"{Height - (n == x[0] || n == x[^1] ? 18 : 5)}\" text-anchor=\"{anchor}\" fill=\"#505a5f\">{Number(n)}</text>\n");
        }
    }

    private static double Share(double value, double low, double high) => high > low ? Math.Log(value / low) / Math.Log(high / low) : 0.5;

    private static string Place(double value) => value.ToString("0.0", CultureInfo.InvariantCulture);

    private static string Number(double value) => value.ToString(value < 100 ? "0.#" : "#,0", CultureInfo.InvariantCulture);
}
