using System.Text.Json.Nodes;
using CoopAI.Evaluation.Files;
using CoopAI.Evaluation.Retrieval;

namespace CoopAI.Evaluation.Reporting;

/// <summary>What one suite found. Nothing in it depends on the clock but <see cref="Times"/>.</summary>
public sealed record SuiteReport
{
    /// <summary>Short name in files and thresholds, for example <c>retrieval</c>.</summary>
    public required string Name { get; init; }

    public required string Title { get; init; }

    /// <summary>What was measured, on what, and what the figures cannot say; plain sentences.</summary>
    public required string Description { get; init; }

    /// <summary>In report order; each name once.</summary>
    public IReadOnlyList<NamedFigure> Figures { get; init; } = [];

    public IReadOnlyList<ReportTable> Tables { get; init; } = [];

    public IReadOnlyList<ReportPlot> Plots { get; init; } = [];

    /// <summary>Warnings about the data and limits of the figures.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>One value an item (question, text, case) by metric: what a later run is compared with.</summary>
    public IReadOnlyList<ItemScores> Items { get; init; } = [];

    /// <summary>What the system said of each item, one JSON object a line in <c>predictions.jsonl</c>.</summary>
    public IReadOnlyList<JsonObject> Predictions { get; init; } = [];

    /// <summary>The rankings, when the suite made any.</summary>
    public TrecRun? Run { get; init; }

    /// <summary>Milliseconds taken, by step; the one part that two runs may differ in.</summary>
    public IReadOnlyList<Timing> Times { get; init; } = [];

    /// <summary>The figure of that name, or why there is none.</summary>
    public Figure Figure(string name) =>
        Figures.FirstOrDefault(f => f.Name == name)?.Figure ?? new Figure.NotMeasured($"The suite {Name} has no figure {name}.");
}

/// <param name="Values">By item id; every value finite.</param>
public sealed record ItemScores(string Metric, IReadOnlyList<(string Id, double Value)> Values);

/// <param name="Milliseconds">One value for each time the step was done, in order.</param>
public sealed record Timing(string Step, IReadOnlyList<double> Milliseconds);

/// <param name="Rows">Each as long as <paramref name="Columns"/>; the first cell names the row.</param>
public sealed record ReportTable(string Title, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows);

/// <summary>A figure that is drawn, always with the table of its data.</summary>
/// <param name="Description">What the plot shows, in one or two sentences, for those who do not see it.</param>
public abstract record ReportPlot(string Title, string Description)
{
    /// <summary>Bars in the order given, above and below zero.</summary>
    public sealed record Bars(string Title, string Description, string ValueLabel, IReadOnlyList<(string Label, double Value)> Values) : ReportPlot(Title, Description);

    /// <summary>Lines through points in the unit square, or from 0 to the largest x when <paramref name="UnitX"/> is false.</summary>
    /// <param name="Diagonal">Draws the line y = x: what a calibrated tagger would show.</param>
    public sealed record Lines(
        string Title, string Description, string XLabel, string YLabel, IReadOnlyList<PlotSeries> Series, bool Diagonal = false, bool UnitX = true) : ReportPlot(Title, Description);

    /// <summary>Counts in rows and columns, darker for more.</summary>
    public sealed record Matrix(
        string Title, string Description, IReadOnlyList<string> Columns, IReadOnlyList<(string Row, IReadOnlyList<int> Counts)> Rows) : ReportPlot(Title, Description);
}

/// <param name="Points">In drawing order.</param>
public sealed record PlotSeries(string Name, IReadOnlyList<(double X, double Y)> Points);
