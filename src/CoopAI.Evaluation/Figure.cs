namespace CoopAI.Evaluation;

/// <summary>One figure of a report: measured, or not measured with the reason. An unknown figure is never 0 and never NaN.</summary>
public abstract record Figure
{
    /// <summary>Below this many items a figure is marked as resting on a small sample.</summary>
    public const int SmallSampleBelow = 30;

    private Figure()
    {
    }

    /// <summary>A figure with its 95% interval.</summary>
    /// <param name="Value">Finite.</param>
    /// <param name="Low">Lower end of the interval, at most <paramref name="High"/>; null where one item or none leaves no spread to estimate.</param>
    /// <param name="High">Upper end; null together with <paramref name="Low"/>.</param>
    /// <param name="N">Items (questions, texts, cases, tags) it rests on, at least 1.</param>
    public sealed record Measured(double Value, double? Low, double? High, int N) : Figure
    {
        /// <summary>Fewer than <see cref="SmallSampleBelow"/> items: read the interval, not the value.</summary>
        public bool SmallSample => N < SmallSampleBelow;
    }

    /// <summary>Nothing to measure on, or the figure is not defined on what there is.</summary>
    /// <param name="Reason">One plain sentence.</param>
    public sealed record NotMeasured(string Reason) : Figure;

    /// <summary>A share of cases with its Wilson score interval; not measured for no cases.</summary>
    /// <param name="whenNone">Reason to give when <paramref name="cases"/> is 0.</param>
    public static Figure Share(int hits, int cases, string whenNone) =>
        cases == 0 ? new NotMeasured(whenNone)
        : Statistics.WilsonInterval.Of(hits, cases) is var (low, high) ? new Measured((double)hits / cases, low, high, cases)
        : throw new InvalidOperationException();
}

/// <summary>A figure and what it is called in files: metric names are part of the command line's contract.</summary>
/// <param name="Name">For example <c>nDCG@10</c>; slices as <c>nDCG@10[kind=project]</c>.</param>
public sealed record NamedFigure(string Name, Figure Figure);
