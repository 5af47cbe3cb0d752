using CoopAI.Core.Ranking;
using CoopAI.Evaluation.Retrieval;

namespace CoopAI.TrainRanking;

/// <param name="Features">By question, case study and feature.</param>
/// <param name="Relevant">Place of the one relevant case study of each question.</param>
internal sealed record TrainingCollection(CorpusIndex Index, double[][][] Features, int[] Relevant);

/// <summary>Softmax regression over all case studies of a question (the listwise loss of ListNet), with an L2 penalty on standardised weights.</summary>
internal static class RankingTrainer
{
    /// <summary>How much a question about an invented case study counts beside a development question.</summary>
    public const double InventedShare = 0.15;

    private const double Penalty = 0.05;
    private const int Folds = 5;
    private const int Repeats = 5;

    // Not trained: "Terms" holds all that "Words" holds, and both together only fit noise.
    private const string LeftOut = nameof(RankingFeatures.Words);

    public static IReadOnlyList<string> Names { get; } = [.. typeof(RankingFeatures).GetProperties().Select(p => p.Name)];

    public static double[] Values(RankingFeatures f) =>
        [f.Lexical, f.Passage, f.Sentences, f.Title, f.Topics, f.Words, f.Meaning, f.Label, f.Terms, f.Concepts, f.LabelConcepts];

    /// <summary>Standard deviation of each feature within a question.</summary>
    public static double[] ScaleOf(TrainingCollection c) => [.. Names.Select((_, f) => Math.Sqrt(c.Features
        .SelectMany(q => { var mean = q.Average(d => d[f]); return q.Select(d => (d[f] - mean) * (d[f] - mean)); }).Average()))];

    /// <summary>Weights for unscaled features. Convex, so gradient descent with momentum finds the one best answer.</summary>
    public static double[] Train(IReadOnlyList<(TrainingCollection Collection, double Weight)> sets, double[] scale, Func<TrainingCollection, int, bool>? use = null)
    {
        var examples = sets.SelectMany(s => s.Collection.Relevant.Select((r, q) => (Docs: s.Collection.Features[q], Relevant: r, s.Weight, Used: use?.Invoke(s.Collection, q) ?? true))).Where(e => e.Used).ToArray();
        var total = examples.Sum(e => e.Weight);
        var (w, before) = (new double[scale.Length], new double[scale.Length]);
        for (var step = 1; step <= 300; step++)
        {
            var ahead = w.Select((x, f) => x + ((step - 1.0) / (step + 2) * (x - before[f]))).ToArray();
            var raw = ahead.Select((x, f) => x / scale[f]).ToArray();
            var gradient = examples.AsParallel().AsOrdered().Select(e => Gradient(e.Docs, e.Relevant, raw, scale, e.Weight)).AsSequential()
                .Aggregate(new double[scale.Length], (sum, g) => { for (var f = 0; f < sum.Length; f++) sum[f] += g[f]; return sum; });
            before = w;
            w = [.. ahead.Select((x, f) => Names[f] == LeftOut ? 0 : x - (0.15 * ((gradient[f] / total) + (2 * Penalty * x))))];
        }

        return [.. w.Select((x, f) => x / scale[f])];
    }

    public static double Ndcg(TrainingCollection c, double[] weights, Func<int, bool>? use = null) =>
        c.Relevant.Select((r, q) => (r, q)).Where(x => use?.Invoke(x.q) ?? true).Average(x => Ndcg(c.Features[x.q], x.r, weights));

    /// <summary>Mean over repeated splits; all questions of one case study lie in the same fold.</summary>
    public static double CrossValidate(TrainingCollection real, TrainingCollection invented, double[] scale)
    {
        var means = new List<double>();
        for (var repeat = 0; repeat < Repeats; repeat++)
        {
            var documents = real.Relevant.Distinct().Order().ToArray();
            new Random(repeat).Shuffle(documents);
            var fold = documents.Select((d, i) => (d, i)).ToDictionary(x => x.d, x => x.i % Folds);
            var scores = new List<double>();
            for (var f = 0; f < Folds; f++)
            {
                var weights = Train([(real, 1), (invented, InventedShare)], scale, (c, q) => c != real || fold[c.Relevant[q]] != f);
                scores.AddRange(real.Relevant.Select((r, q) => (r, q)).Where(x => fold[x.r] == f).Select(x => Ndcg(real.Features[x.q], x.r, weights)));
            }

            means.Add(scores.Average());
        }

        return means.Average();
    }

    /// <summary>Logistic regression of "the corpus answers it" on the best sum and the best coverage, both kinds of question weighing alike.</summary>
    public static void Calibrate(TrainingCollection real, double[][][] unanswerable, double[] weights)
    {
        var rows = real.Features.Select(q => (Best(q), 1.0, 0.5 / real.Features.Length))
            .Concat(unanswerable.Select(q => (Best(q), 0.0, 0.5 / unanswerable.Length))).ToArray();
        var (slope, coverage, intercept) = (0.6, 3.0, -7.0);
        for (var step = 0; step < 500_000; step++)
        {
            double gs = 0, gc = 0, gi = 0;
            foreach (var ((sum, terms), label, weight) in rows)
            {
                var error = weight * ((1 / (1 + Math.Exp(-(intercept + (slope * sum) + (coverage * terms))))) - label);
                (gs, gc, gi) = (gs + (error * sum), gc + (error * terms), gi + error);
            }

            // A little shrinkage (C = 1 of the usual formulation), as few questions are unanswerable.
            (slope, coverage, intercept) = (slope - (0.01 * (gs + (slope / rows.Length))), coverage - (0.01 * (gc + (coverage / rows.Length))), intercept - (0.01 * gi));
        }

        Console.WriteLine($"calibration: slope {slope:F3}, coverage {coverage:F3}, intercept {intercept:F3}");
        foreach (var floor in new[] { 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6 })
        {
            var passed = rows.Select(r => (Passed: 1 / (1 + Math.Exp(-(intercept + (slope * r.Item1.Sum) + (coverage * r.Item1.Terms)))) >= floor, Answerable: r.Item2 == 1)).ToArray();
            Console.WriteLine($"  floor {floor:F2}: wrong refusals {passed.Count(p => p.Answerable && !p.Passed)} of {real.Features.Length}, wrong answers {passed.Count(p => !p.Answerable && p.Passed)} of {unanswerable.Length}");
        }

        (double Sum, double Terms) Best(double[][] docs) => (docs.Max(d => Dot(d, weights)), docs.Max(d => d[Names.ToList().IndexOf(nameof(RankingFeatures.Terms))]));
    }

    private static double[] Gradient(double[][] docs, int relevant, double[] raw, double[] scale, double weight)
    {
        var sums = docs.Select(d => Dot(d, raw)).ToArray();
        var most = sums.Max();
        var exp = sums.Select(s => Math.Exp(s - most)).ToArray();
        var all = exp.Sum();
        var gradient = new double[scale.Length];
        for (var d = 0; d < docs.Length; d++)
        {
            var share = weight * ((exp[d] / all) - (d == relevant ? 1 : 0));
            for (var f = 0; f < gradient.Length; f++) gradient[f] += share * docs[d][f] / scale[f];
        }

        return gradient;
    }

    private static double Ndcg(double[][] docs, int relevant, double[] weights)
    {
        var order = Enumerable.Range(0, docs.Length).OrderByDescending(d => Dot(docs[d], weights)).ThenBy(d => d);
        return RankMetrics.NdcgAtK([.. order.Select(d => d == relevant ? 1 : 0)], [1], 10);
    }

    private static double Dot(double[] a, double[] b)
    {
        double sum = 0;
        for (var i = 0; i < a.Length; i++) sum += a[i] * b[i];
        return sum;
    }
}
