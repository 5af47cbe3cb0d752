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

    private const double Penalty = 0.03;
    private const int Folds = 5;
    private const int Repeats = 5;

    public static IReadOnlyList<string> Names { get; } = [.. typeof(RankingFeatures).GetProperties().Select(p => p.Name)];

    public static double[] Values(RankingFeatures f) =>
        [f.Lexical, f.Passage, f.Sentences, f.Title, f.Topics, f.Terms, f.Concepts, f.LabelConcepts, f.Length];

    /// <summary>Standard deviation of each feature within a question.</summary>
    public static double[] ScaleOf(TrainingCollection c) => [.. Names.Select((_, f) => Math.Sqrt(c.Features
        .SelectMany(q => { var mean = q.Average(d => d[f]); return q.Select(d => (d[f] - mean) * (d[f] - mean)); }).Average()))];

    /// <summary>Weights for unscaled features. Convex, so gradient descent with momentum finds the one best answer.</summary>
    public static double[] Train(IReadOnlyList<(TrainingCollection Collection, double Weight)> sets, double[] scale, Func<TrainingCollection, int, bool>? use = null, int leftOut = -1)
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
            w = [.. ahead.Select((x, f) => f == leftOut ? 0 : x - (0.15 * ((gradient[f] / total) + (2 * Penalty * x))))];
        }

        return [.. w.Select((x, f) => x / scale[f])];
    }

    public static double Ndcg(TrainingCollection c, double[] weights, Func<int, bool>? use = null) =>
        c.Relevant.Select((r, q) => (r, q)).Where(x => use?.Invoke(x.q) ?? true).Average(x => Ndcg(c.Features[x.q], x.r, weights));

    /// <summary>Mean over repeated splits; all questions of one case study lie in the same fold.</summary>
    /// <param name="leftOut">Place of a comparison to do without, or −1.</param>
    /// <returns>On the development questions and on those about the invented case studies.</returns>
    public static (double Real, double Invented) CrossValidate(TrainingCollection real, TrainingCollection invented, double[] scale, int leftOut = -1)
    {
        var means = new List<(double Real, double Invented)>();
        for (var repeat = 0; repeat < Repeats; repeat++)
        {
            var fold = new[] { real, invented }.ToDictionary(c => c, c =>
            {
                var documents = c.Relevant.Distinct().Order().ToArray();
                new Random(repeat).Shuffle(documents);
                return documents.Select((d, i) => (d, i)).ToDictionary(x => x.d, x => x.i % Folds);
            });
            List<double> scores = [], inventedScores = [];
            for (var f = 0; f < Folds; f++)
            {
                var weights = Train([(real, 1), (invented, InventedShare)], scale, (c, q) => fold[c][c.Relevant[q]] != f, leftOut);
                scores.AddRange(HeldOut(real, f, weights));
                inventedScores.AddRange(HeldOut(invented, f, weights));
            }

            means.Add((scores.Average(), inventedScores.Average()));

            IEnumerable<double> HeldOut(TrainingCollection c, int f, double[] weights) =>
                c.Relevant.Select((r, q) => (r, q)).Where(x => fold[c][x.r] == f).Select(x => Ndcg(c.Features[x.q], x.r, weights));
        }

        return (means.Average(m => m.Real), means.Average(m => m.Invented));
    }

    /// <summary>Logistic regression of "the corpus answers it" on the best sum and the best coverage, both kinds of question weighing alike.</summary>
    public static void Calibrate(TrainingCollection real, double[][][] unanswerable, double[] weights)
    {
        var rows = real.Features.Select(q => (Best(q), 1.0, 0.5 / real.Features.Length))
            .Concat(unanswerable.Select(q => (Best(q), 0.0, 0.5 / unanswerable.Length))).ToArray();
        var (slope, coverage, intercept) = (0.9, 1.7, -30.0);
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
