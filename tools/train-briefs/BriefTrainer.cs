using CoopAI.Core.Briefs;
using CoopAI.Core.Corpus;
using CoopAI.Core.Language;
using CoopAI.Core.Questions;
using CoopAI.Core.Ranking;
using CoopAI.Core.Retrieval;
using CoopAI.Core.Tagging.Learning;
using CoopAI.Evaluation.Briefs;

namespace CoopAI.TrainBriefs;

/// <summary>One question of a message with its wordings and candidates.</summary>
internal sealed record Asked(QuestionPart Part, IReadOnlyList<(AskedWording Wording, double Weight)> Wordings, IReadOnlyList<IndexedCaseStudy> Candidates);

/// <summary>A question to learn from.</summary>
/// <param name="Labels">Null: not of the briefs, so only <paramref name="Relevant"/> is known.</param>
/// <param name="Relevant">By slug, 1 or 2; empty: nothing is held.</param>
internal sealed record Example(string Id, IReadOnlyList<Asked> Parts, IReadOnlyDictionary<string, int> Relevant, BriefCase? Labels, double Weight)
{
    public bool Answerable => Relevant.Count > 0;

    /// <summary>A letter: its questions lean on one another, so it teaches less of one question.</summary>
    public bool IsLetter => Labels?.Kind == "email";
}

/// <summary>Learns the four small models of a brief one after the other, each with an L2 penalty on standardised weights.</summary>
internal sealed class BriefTrainer(LexicalStatistics statistics, IReadOnlyList<IndexedCaseStudy> held)
{
    // Penalties: the cross-validated figures are flat for a factor of four around each.
    private const double StudyPenalty = 20;
    private const float AnswerablePenalty = 3;
    private const float SentencePenalty = 10;

    /// <summary>What a question whose own case studies were taken away counts as one that nothing answers: near ones may answer it a little.</summary>
    private const double TakenAwayWeight = 0.1;

    /// <summary>A question of which only the case study is known counts this much of its weight for whether it is answered.</summary>
    private const double UnlabelledWeight = 0.7;

    /// <summary>A fitting case study counts this much beside one that a brief must use.</summary>
    private const double FittingShare = 0.3;

    private static readonly NamedWeights None = new(0, new Dictionary<string, double>());

    public BriefModel Train(IReadOnlyList<Example> examples, BriefModel start)
    {
        var model = start with { Study = Listwise(examples) };
        var rows = examples.SelectMany(e => AnswerableRows(e, model)).ToList();
        model = model with { Answerable = Logistic(PartEvidence.AnswerableNames, rows, AnswerablePenalty) };
        model = model with { Answers = Logistic(SentenceEvidence.AnswersNames, [.. examples.SelectMany(e => AnswersRows(e, model))], SentencePenalty) };
        return model with { Belongs = Logistic(SentenceEvidence.BelongsNames, [.. examples.SelectMany(e => BelongsRows(e, model))], SentencePenalty) };
    }

    public PartEvidence Evidence(Asked asked, BriefModel model, Func<string, bool>? without = null) => PartEvidence.Of(
        asked.Part, asked.Wordings, without is null ? asked.Candidates : [.. asked.Candidates.Where(c => !without(c.CaseStudy.Slug))], without is null ? held : [.. held.Where(h => !without(h.CaseStudy.Slug))], statistics, model);

    private IEnumerable<(double[] Row, bool Truth, double Weight)> AnswerableRows(Example e, BriefModel model)
    {
        foreach (var part in e.Parts)
        {
            if (!e.Answerable) yield return ([.. Evidence(part, model).Signals], false, e.Weight);
            else
            {
                if (!e.IsLetter) yield return ([.. Evidence(part, model).Signals], true, e.Labels is null ? UnlabelledWeight * e.Weight : e.Weight);
                if (e.Labels is not null) yield return ([.. Evidence(part, model, e.Relevant.ContainsKey).Signals], false, TakenAwayWeight);
            }
        }
    }

    private IEnumerable<(double[] Row, bool Truth, double Weight)> AnswersRows(Example e, BriefModel model)
    {
        if (e.Labels is null || !e.Answerable) yield break;
        foreach (var part in e.Parts)
        {
            foreach (var study in Evidence(part, model).Studies.Where(s => e.Labels.LevelOf(s.CaseStudy.Slug) == 2 && s.Sentences.Count > 1))
            {
                foreach (var s in study.Sentences) yield return (s.AnswerSignals(study.BestCosine), BriefScore.Fit(e.Labels.Answers, study.CaseStudy.Slug, s.Text), 1);
            }
        }
    }

    private IEnumerable<(double[] Row, bool Truth, double Weight)> BelongsRows(Example e, BriefModel model)
    {
        if (e.Labels is null || !e.Answerable) yield break;
        foreach (var part in e.Parts)
        {
            var evidence = Evidence(part, model);
            foreach (var study in evidence.Studies.Take(6))
            {
                foreach (var s in study.Sentences) yield return (s.BelongSignals(study, evidence), BriefScore.Fit(e.Labels.Fitting, study.CaseStudy.Slug, s.Text), 1.0 / e.Parts.Count);
            }
        }
    }

    /// <summary>Softmax regression over all candidates of a question (the listwise loss of ListNet), by Newton's method; convex.</summary>
    private NamedWeights Listwise(IReadOnlyList<Example> examples)
    {
        var lists = new List<(double[][] Rows, double[] Target, double Weight)>();
        foreach (var e in examples.Where(e => e.Answerable && e.Parts.Count > 0))
        {
            // The questions of a letter are told apart by hand nowhere: the whole of it teaches.
            var (asked, wording) = (e.Parts[0], e.Parts[0].Wordings[^1].Wording);
            var rows = asked.Candidates.Select(c => StudySignals.Of(wording, c, statistics)).ToArray();
            var target = asked.Candidates.Select(c => e.Relevant.GetValueOrDefault(c.CaseStudy.Slug) switch { 2 => 1.0, 1 => FittingShare, _ => 0 }).ToArray();
            var sum = target.Sum();
            if (sum > 0) lists.Add((rows, [.. target.Select(t => t / sum)], e.Weight));
        }

        var names = StudySignals.Names;
        var (mean, sd) = Scale(lists.SelectMany(l => l.Rows), names.Count);
        var d = names.Count;
        var scaled = lists.ConvertAll(l => (Rows: l.Rows.Select(r => r.Select((x, f) => (x - mean[f]) / sd[f]).ToArray()).ToArray(), l.Target, l.Weight));
        var w = new double[d];
        var loss = Loss(w, null, null);
        for (var step = 0; step < 50; step++)
        {
            var (gradient, hessian) = (new double[d], new double[d, d]);
            _ = Loss(w, gradient, hessian);
            var move = Solve(hessian, gradient);
            var length = 1.0;
            double[] next;
            double lower;
            // Newton's step may overshoot far from the end: it is halved until it helps.
            while ((lower = Loss(next = [.. w.Select((x, f) => x - (length * move[f]))], null, null)) > loss && length > 1e-6) length /= 2;
            var gain = loss - lower;
            if (gain <= 0) break;
            (w, loss) = (next, lower);
            if (gain < 1e-9) break;
        }

        return Unscaled(names, w, 0, mean, sd);

        double Loss(double[] at, double[]? gradient, double[,]? hessian)
        {
            var sum = at.Sum(x => StudyPenalty * x * x / 2);
            for (var f = 0; f < d && gradient is not null; f++) (gradient[f], hessian![f, f]) = (StudyPenalty * at[f], StudyPenalty);
            foreach (var (rows, target, weight) in scaled)
            {
                var z = rows.Select(r => r.Zip(at, (x, y) => x * y).Sum()).ToArray();
                var most = z.Max();
                var p = z.Select(x => Math.Exp(x - most)).ToArray();
                var total = p.Sum();
                for (var i = 0; i < p.Length; i++)
                {
                    p[i] /= total;
                    if (target[i] > 0) sum -= weight * target[i] * Math.Log(p[i] + 1e-300);
                }

                if (gradient is null) continue;
                var middle = new double[d];
                for (var i = 0; i < p.Length; i++)
                {
                    for (var f = 0; f < d; f++)
                    {
                        gradient[f] += weight * (p[i] - target[i]) * rows[i][f];
                        middle[f] += p[i] * rows[i][f];
                    }
                }

                for (var i = 0; i < p.Length; i++)
                {
                    for (var f = 0; f < d; f++)
                    {
                        for (var g = 0; g < d; g++) hessian![f, g] += weight * p[i] * (rows[i][f] - middle[f]) * (rows[i][g] - middle[g]);
                    }
                }
            }

            return sum;
        }
    }

    private static NamedWeights Logistic(IReadOnlyList<string> names, IReadOnlyList<(double[] Row, bool Truth, double Weight)> rows, float penalty)
    {
        if (rows.Count == 0) return None;
        var (mean, sd) = Scale(rows.Select(r => r.Row), names.Count);
        var fitted = LogisticRegression.Fit(
            [.. rows.Select(r => r.Row.Select((x, f) => (float)((x - mean[f]) / sd[f])).ToArray())], [.. rows.Select(r => r.Truth)], [.. rows.Select(r => (float)r.Weight)],
            penalty, 0.001f, LinearModel.Zero(names.Count), 300, 1e-9);
        return Unscaled(names, [.. fitted.Weights.Select(x => (double)x)], fitted.Bias, mean, sd);
    }

    private static NamedWeights Unscaled(IReadOnlyList<string> names, double[] weights, double bias, double[] mean, double[] sd) => new(
        Math.Round(bias - weights.Select((w, f) => w * mean[f] / sd[f]).Sum(), 4),
        names.Select((n, f) => (n, Math.Round(weights[f] / sd[f], 4))).ToDictionary(p => p.n, p => p.Item2));

    private static (double[] Mean, double[] Sd) Scale(IEnumerable<double[]> rows, int d)
    {
        var all = rows.ToList();
        var mean = Enumerable.Range(0, d).Select(f => all.Average(r => r[f])).ToArray();
        return (mean, [.. Enumerable.Range(0, d).Select(f => Math.Sqrt(all.Average(r => (r[f] - mean[f]) * (r[f] - mean[f]))) + 1e-9)]);
    }

    // Gaussian elimination with pivots; the matrix is positive definite.
    private static double[] Solve(double[,] a, double[] b)
    {
        var n = b.Length;
        var (m, x) = ((double[,])a.Clone(), (double[])b.Clone());
        for (var c = 0; c < n; c++)
        {
            var pivot = c;
            for (var r = c + 1; r < n; r++)
            {
                if (Math.Abs(m[r, c]) > Math.Abs(m[pivot, c])) pivot = r;
            }

            for (var k = 0; k < n; k++) (m[c, k], m[pivot, k]) = (m[pivot, k], m[c, k]);
            (x[c], x[pivot]) = (x[pivot], x[c]);
            for (var r = c + 1; r < n; r++)
            {
                var share = m[r, c] / m[c, c];
                for (var k = c; k < n; k++) m[r, k] -= share * m[c, k];
                x[r] -= share * x[c];
            }
        }

        for (var c = n - 1; c >= 0; c--)
        {
            for (var k = c + 1; k < n; k++) x[c] -= m[c, k] * x[k];
            x[c] /= m[c, c];
        }

        return x;
    }
}
