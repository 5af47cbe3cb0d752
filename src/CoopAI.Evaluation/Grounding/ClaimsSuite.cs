using System.Text.Json.Nodes;
using CoopAI.Evaluation.Reporting;
using CoopAI.Evaluation.Statistics;

namespace CoopAI.Evaluation.Grounding;

/// <summary>How well the verifier's support tells claims that their page supports from the rest, beside plain word overlap.</summary>
public static class ClaimsSuite
{
    public const string Name = "claims";

    private const int Folds = 5;

    /// <param name="support">For each claim the verifier's score; higher is better supported.</param>
    /// <param name="overlap">For each claim <see cref="WordPairs.Precision"/>.</param>
    /// <param name="shown">For each claim whether the verifier would show it at its own working point.</param>
    public static SuiteReport Report(IReadOnlyList<ClaimCase> claims, IReadOnlyList<double> support, IReadOnlyList<double> overlap, IReadOnlyList<bool> shown, IReadOnlyList<Timing> times)
    {
        ArgumentNullException.ThrowIfNull(claims);
        ArgumentNullException.ThrowIfNull(support);
        ArgumentNullException.ThrowIfNull(overlap);
        ArgumentNullException.ThrowIfNull(shown);
        bool[] truth = [.. claims.Select(c => c.Supported)];
        var (ours, theirs) = (HeldOut(claims, support), HeldOut(claims, overlap));
        return new SuiteReport
        {
            Name = Name,
            Title = "Claims",
            Description = $"{claims.Count} claims with the pages that they rest on, {truth.Count(t => t)} of them supported in full. Balanced accuracy is the mean of the two shares told rightly, with the threshold chosen on the other folds of {Folds}; AUC is the chance that a supported claim has the higher score. ROUGE-2 is the share of the claim's word pairs that the page has.",
            Figures =
            [
                new("balancedAccuracy", Interval(t => Balanced(truth, ours, t))),
                new("AUC", Interval(t => Area(truth, support, t))),
                new("balancedAccuracy[ROUGE-2]", Interval(t => Balanced(truth, theirs, t))),
                new("AUC[ROUGE-2]", Interval(t => Area(truth, overlap, t))),
                new("balancedAccuracy[minus ROUGE-2]", Interval(t => Balanced(truth, ours, t) - Balanced(truth, theirs, t))),
                new("AUC[minus ROUGE-2]", Interval(t => Area(truth, support, t) - Area(truth, overlap, t))),
                new("balancedAccuracy[as shipped]", Interval(t => Balanced(truth, shown, t))),
            ],
            Items = [new ItemScores("right", [.. claims.Select((c, i) => (c.Id, ours[i] == truth[i] ? 1.0 : 0.0))])],
            Predictions = [.. claims.Select((c, i) => new JsonObject { ["id"] = c.Id, ["supported"] = c.Supported, ["support"] = support[i], ["overlap"] = overlap[i], ["told"] = ours[i], ["shown"] = shown[i] })],
            Times = times,
        };

        Figure Interval(Func<int[], double?> statistic) => Bootstrap.Of(claims.Count, statistic, "All claims have one label.", resamples: 2000);
    }

    /// <summary>Whether each claim is told as supported, with the threshold that the claims of the other folds ask for.</summary>
    internal static bool[] HeldOut(IReadOnlyList<ClaimCase> claims, IReadOnlyList<double> scores)
    {
        // Folds follow from the ids in ordinal order, whatever the order of the file, and both labels are dealt out evenly.
        var fold = new int[claims.Count];
        foreach (var label in claims.Select((c, i) => (c, i)).GroupBy(x => x.c.Supported))
        {
            var next = 0;
            foreach (var (_, i) in label.OrderBy(x => x.c.Id, StringComparer.Ordinal)) fold[i] = next++ % Folds;
        }

        var told = new bool[claims.Count];
        for (var f = 0; f < Folds; f++)
        {
            int[] others = [.. Enumerable.Range(0, claims.Count).Where(i => fold[i] != f)];
            var threshold = BestThreshold([.. others.Select(i => claims[i].Supported)], [.. others.Select(i => scores[i])]);
            for (var i = 0; i < told.Length; i++)
            {
                if (fold[i] == f) told[i] = scores[i] >= threshold;
            }
        }

        return told;
    }

    /// <summary>The threshold of the best balanced accuracy, midway between two scores; of equally good ones the lowest.</summary>
    internal static double BestThreshold(bool[] truth, double[] scores)
    {
        double[] distinct = [.. scores.Distinct().Order()];
        var (best, bestAccuracy) = (double.NegativeInfinity, 0.5);
        for (var k = 1; k < distinct.Length; k++)
        {
            var threshold = (distinct[k - 1] + distinct[k]) / 2;
            if (Balanced(truth, [.. scores.Select(s => s >= threshold)], null) is { } accuracy && accuracy > bestAccuracy + 1e-12) (best, bestAccuracy) = (threshold, accuracy);
        }

        return best;
    }

    private static double? Balanced(IReadOnlyList<bool> truth, IReadOnlyList<bool> told, int[]? times)
    {
        var (yes, yesRight, no, noRight) = (0.0, 0.0, 0.0, 0.0);
        for (var i = 0; i < truth.Count; i++)
        {
            var n = times?[i] ?? 1;
            if (truth[i]) (yes, yesRight) = (yes + n, yesRight + (told[i] ? n : 0));
            else (no, noRight) = (no + n, noRight + (told[i] ? 0 : n));
        }

        return yes == 0 || no == 0 ? null : ((yesRight / yes) + (noRight / no)) / 2;
    }

    /// <summary>Area under the receiver operating curve; equal scores count half.</summary>
    internal static double? Area(IReadOnlyList<bool> truth, IReadOnlyList<double> scores, int[]? times)
    {
        var (yes, no, below, area) = (0.0, 0.0, 0.0, 0.0);
        foreach (var group in Enumerable.Range(0, truth.Count).GroupBy(i => scores[i]).OrderBy(g => g.Key))
        {
            var (up, down) = (0.0, 0.0);
            foreach (var i in group)
            {
                if (truth[i]) up += times?[i] ?? 1;
                else down += times?[i] ?? 1;
            }

            area += up * (below + (down / 2));
            (below, yes, no) = (below + down, yes + up, no + down);
        }

        return yes == 0 || no == 0 ? null : area / (yes * no);
    }
}
