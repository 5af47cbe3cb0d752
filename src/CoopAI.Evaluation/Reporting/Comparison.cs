using CoopAI.Evaluation.Statistics;

namespace CoopAI.Evaluation.Reporting;

/// <summary>One metric of one suite against a baseline on the same items.</summary>
/// <param name="HolmP">The p-value after Holm's correction over all comparisons of the report.</param>
/// <param name="Differences">This run − baseline, in the order of this run's items.</param>
/// <param name="Unmatched">Items that only one of the two has; they count for nothing.</param>
public sealed record Comparison(
    string Suite, string Metric, string Baseline, PairedComparison Paired, double? HolmP, IReadOnlyList<(string Id, double Value)> Differences, int Unmatched);

/// <summary>Compares items of a run with those of a baseline.</summary>
public static class Comparisons
{
    /// <param name="pairs">Suite, this run's items and the baseline's for the same metric.</param>
    public static IReadOnlyList<Comparison> Of(string baseline, IEnumerable<(string Suite, ItemScores Now, ItemScores Before)> pairs)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        var comparisons = new List<Comparison>();
        foreach (var (suite, now, before) in pairs)
        {
            var known = before.Values.ToDictionary(v => v.Id, v => v.Value, StringComparer.Ordinal);
            (string Id, double Value)[] differences = [.. now.Values.Where(v => known.ContainsKey(v.Id)).Select(v => (v.Id, Difference(v.Value, known[v.Id])))];
            comparisons.Add(new Comparison(
                suite, now.Metric, baseline, PairedRandomisationTest.Of([.. differences.Select(d => d.Value)]), null, differences,
                now.Values.Count + known.Count - 2 * differences.Length));
        }

        var tested = comparisons.Index().Where(c => c.Item.Paired.P is not null).ToArray();
        var adjusted = HolmCorrection.Adjust([.. tested.Select(c => c.Item.Paired.P!.Value)]);
        for (var i = 0; i < tested.Length; i++) comparisons[tested[i].Index] = tested[i].Item with { HolmP = adjusted[i] };
        return comparisons;
    }

    // Reports hold six decimals: what lies beyond must not look like a change.
    private static double Difference(double now, double before) => Math.Round(Math.Round(now, 6) - Math.Round(before, 6), 6);

    /// <summary>All metrics that both reports hold items of.</summary>
    public static IReadOnlyList<Comparison> Of(IReadOnlyList<SuiteReport> now, IReadOnlyList<(string Suite, ItemScores Items)> before, string baseline) =>
        Of(baseline, now.SelectMany(s => s.Items.Select(i => (s.Name, i)))
            .Join(before, n => (n.Name, n.i.Metric), b => (b.Suite, b.Items.Metric), (n, b) => (n.Name, n.i, b.Items)));
}
