using System.Globalization;
using System.Numerics.Tensors;
using CoopAI.Core.Guidance.Learning;
using CoopAI.Core.Tagging.Learning;
using CoopAI.Evaluation.Statistics;

namespace CoopAI.TrainGuidance;

/// <summary>Fits the classifiers of VG07, VG08 and VG10, and measures them on voices that the fit has not seen.</summary>
internal sealed class ClassifierTrainer(QuestionFeatures features, IReadOnlyList<Example> examples, float[][] vectors)
{
    // Chosen by leaving one voice out; the figures hardly move around them.
    private const float Penalty = 0.1f;
    private const float VectorScale = 3;
    private const int LeastTexts = 3;
    private const float OrdinaryWeight = 0.3f;
    private const float FailWeight = 2;

    /// <summary>Share of ordinary questions of unseen voices that all three classifiers together may stop.</summary>
    private const double MaxFalse = 0.025;

    private readonly Dictionary<string, int>[] words = [.. examples.Select(e => QuestionFeatures.OfWords(features.WordsOf(e.Text)))];
    private readonly Dictionary<string, int>[] letters = [.. examples.Select(e => QuestionFeatures.OfLetters(features.WordsOf(e.Text)))];

    private string[] Voices => [.. examples.Select(e => e.Voice).Where(v => v is not (Example.Earlier or Example.Ordinary)).Distinct().Order(StringComparer.Ordinal)];

    private bool Speaks(int i) => examples[i].Voice is not (Example.Earlier or Example.Ordinary);

    /// <summary>Scores by rule and example, each by models that saw nothing of the example's voice; NaN for those without a voice.</summary>
    public double[][] Held(bool useVector)
    {
        var held = Examples.Rules.Select(_ => Enumerable.Repeat(double.NaN, examples.Count).ToArray()).ToArray();
        foreach (var voice in Voices)
        {
            var used = Enumerable.Range(0, examples.Count).Where(i => examples[i].Voice != voice).ToArray();
            var fold = new Fold(this, used, useVector);
            Parallel.For(0, Examples.Rules.Length, r =>
            {
                var model = fold.Fit(r);
                foreach (var i in Enumerable.Range(0, examples.Count).Where(i => examples[i].Voice == voice)) held[r][i] = fold.Row(i).Product(model.Weights) + model.Bias;
            });
            Console.Error.WriteLine($"  {voice}");
        }

        return held;
    }

    /// <summary>Prints what is caught and what is stopped without cause: each voice by models and thresholds that know nothing of it.</summary>
    public void Report(string name, double[][] held)
    {
        Console.WriteLine(name);
        var (caught, fails, stopped, passes) = (new int[3], new int[3], 0, 0);
        foreach (var voice in Voices)
        {
            var heads = Calibrate(held, i => Speaks(i) && examples[i].Voice != voice);
            var (c, f, s, p) = (0, 0, 0, 0);
            for (var i = 0; i < examples.Count; i++)
            {
                if (examples[i].Voice != voice) continue;
                var objects = heads.Select((h, r) => Likelihood(h, held[r][i]) >= h.Threshold).Any(o => o);
                if (examples[i].Fails)
                {
                    var r = Array.IndexOf(Examples.Rules, examples[i].Rule);
                    (fails[r], f) = (fails[r] + 1, f + 1);
                    if (objects) (caught[r], c) = (caught[r] + 1, c + 1);
                }
                else
                {
                    (passes, p) = (passes + 1, p + 1);
                    if (objects) (stopped, s) = (stopped + 1, s + 1);
                }
            }

            Console.WriteLine($"  {voice,-12} caught {Share(c, f)}  false {Share(s, p)}");
        }

        for (var r = 0; r < 3; r++) Console.WriteLine($"  {Examples.Rules[r],-12} caught {Share(caught[r], fails[r])}");
        Console.WriteLine($"  {"all",-12} caught {Share(caught.Sum(), fails.Sum())}  false {Share(stopped, passes)}");
    }

    /// <summary>The models fitted to everything, calibrated on the held-out scores.</summary>
    public LearnedModel Fit(string encoder, double[][] withVector, double[][] wordsAlone)
    {
        var all = Enumerable.Range(0, examples.Count).ToArray();
        var (full, plain) = (new Fold(this, all, useVector: true), new Fold(this, all, useVector: false));
        var models = Enumerable.Range(0, 3).AsParallel().AsOrdered().Select(full.Fit).ToArray();
        var plains = Enumerable.Range(0, 3).AsParallel().AsOrdered().Select(plain.Fit).ToArray();
        var (heads, plainHeads) = (Calibrate(withVector, Speaks), Calibrate(wordsAlone, Speaks));
        var n = full.Vocabulary.Count;
        return new LearnedModel(
            "Weights of the classifiers of VG07, VG08 and VG10, made by tools/train-guidance from evals/guidance. Not written by hand.",
            encoder,
            QuestionClassifiers.Checks,
            [.. heads.Select((h, r) => h with { Bias = Round(models[r].Bias - full.Mean.Select((m, d) => m * models[r].Weights[n + d]).Sum()) })],
            [.. plainHeads.Select((h, r) => h with { Bias = Round(plains[r].Bias) })],
            [.. models.Select(m => Enumerable.Range(0, full.Mean.Length).Select(d => Rounded(VectorScale * m.Weights[n + d])).ToArray())],
            full.Vocabulary.OrderBy(f => f.Key, StringComparer.Ordinal).ToDictionary(
                f => f.Key,
                f => (float[])[Rounded(full.Idf[f.Value]), .. models.Select(m => Rounded(m.Weights[f.Value])), .. plains.Select(m => Rounded(m.Weights[f.Value]))],
                StringComparer.Ordinal),
            [.. examples.Where(e => e.Fails).Select(e => new LabelledCase(e.Id, QuestionClassifiers.Checks[Array.IndexOf(Examples.Rules, e.Rule)], e.Text))]);
    }

    // Platt's calibration of each rule, then one likelihood for all three rules.
    private LearnedHead[] Calibrate(double[][] held, Func<int, bool> use)
    {
        var used = Enumerable.Range(0, examples.Count).Where(use).ToArray();
        var heads = Examples.Rules.Select((rule, r) =>
        {
            var fit = LogisticRegression.Fit(
                [.. used.Select(i => (float[])[(float)held[r][i]])], [.. used.Select(i => examples[i].Fails && examples[i].Rule == rule)],
                [.. used.Select(_ => 1f)], 0.01f, 0.01f, LinearModel.Zero(1));
            return new LearnedHead(0, Round(fit.Weights[0]), Round(fit.Bias), 1);
        }).ToArray();
        var passes = used.Where(i => !examples[i].Fails).Select(i => heads.Select((h, r) => Likelihood(h, held[r][i])).Max()).OrderDescending().ToArray();
        var threshold = Math.Ceiling(passes[(int)(MaxFalse * passes.Length)] * 1000 + 0.001) / 1000;
        return [.. heads.Select(h => h with { Threshold = threshold })];
    }

    private static double Likelihood(LearnedHead head, double score) => 1 / (1 + Math.Exp(-((head.Slope * score) + head.Offset)));

    private static double Round(double x) => Math.Round(x, 4);

    private static float Rounded(double x) => (float)Math.Round(x, 3);

    private static string Share(int k, int n)
    {
        var (low, high) = n == 0 ? (0, 1) : Wilson(k, n);
        return string.Create(CultureInfo.InvariantCulture, $"{(n == 0 ? 0 : (double)k / n):0.000} ({low:0.000} to {high:0.000}, {k} of {n})");
    }

    private static (double Low, double High) Wilson(int k, int n)
    {
        var interval = WilsonInterval.Of(k, n);
        return (interval.Low, interval.High);
    }

    /// <summary>The rows of one fit: its vocabulary and frequencies come from its own texts alone.</summary>
    private sealed class Fold
    {
        private readonly ClassifierTrainer owner;
        private readonly int[] used;
        private readonly bool useVector;
        private readonly SparseRow[] rows;

        public Fold(ClassifierTrainer owner, int[] used, bool useVector)
        {
            (this.owner, this.used, this.useVector) = (owner, used, useVector);
            var texts = new Dictionary<string, int>(StringComparer.Ordinal);
            foreach (var feature in used.SelectMany(i => owner.words[i].Keys.Concat(owner.letters[i].Keys))) texts[feature] = texts.GetValueOrDefault(feature) + 1;
            Vocabulary = texts.Where(t => t.Value >= LeastTexts).Select(t => t.Key).Order(StringComparer.Ordinal).Select((f, i) => (f, i)).ToDictionary(f => f.f, f => f.i, StringComparer.Ordinal);
            Idf = new double[Vocabulary.Count];
            foreach (var (feature, at) in Vocabulary) Idf[at] = Math.Log((1.0 + used.Length) / (1 + texts[feature])) + 1;
            Mean = new float[owner.vectors[0].Length];
            foreach (var i in used)
            {
                for (var d = 0; d < Mean.Length; d++) Mean[d] += VectorScale * owner.vectors[i][d] / used.Length;
            }

            rows = [.. used.AsParallel().AsOrdered().Select(Row)];
        }

        public Dictionary<string, int> Vocabulary { get; }

        public double[] Idf { get; }

        /// <summary>Mean of the scaled vectors.</summary>
        public float[] Mean { get; }

        public LinearModel Fit(int rule)
        {
            var truth = used.Select(i => owner.examples[i].Fails && owner.examples[i].Rule == Examples.Rules[rule]).ToArray();
            var weights = used.Select((i, k) => truth[k] ? FailWeight : owner.examples[i].Voice == Example.Ordinary ? OrdinaryWeight : 1).ToArray();
            var features = Vocabulary.Count + (useVector ? Mean.Length : 0);
            var penalties = Enumerable.Repeat(Penalty, features).Append(0.001f).ToArray();
            return LogisticRegression.Fit(rows.Length, (r, at) => rows[r].Product(at), (r, pull, into) => rows[r].AddTo(into, pull), truth, weights, penalties, LinearModel.Zero(features), iterations: 60, tolerance: 1e-5);
        }

        public SparseRow Row(int i)
        {
            var (at, values) = (new List<int>(), new List<float>());
            Put(at, values, owner.words[i]);
            Put(at, values, owner.letters[i]);
            var vector = new float[useVector ? Mean.Length : 0];
            for (var d = 0; d < vector.Length; d++) vector[d] = (VectorScale * owner.vectors[i][d]) - Mean[d];
            return new([.. at], [.. values], vector, Vocabulary.Count);
        }

        private void Put(List<int> places, List<float> values, Dictionary<string, int> counts)
        {
            var known = counts.Where(c => Vocabulary.ContainsKey(c.Key)).Select(c => (At: Vocabulary[c.Key], Count: c.Value)).Select(c => (c.At, Value: (1 + Math.Log(c.Count)) * Idf[c.At])).OrderBy(c => c.At).ToList();
            var length = Math.Sqrt(known.Sum(k => k.Value * k.Value));
            foreach (var (at, value) in known)
            {
                places.Add(at);
                values.Add((float)(value / length));
            }
        }
    }

    /// <summary>A few hundred of the vocabulary's features, and the sentence vector behind them.</summary>
    private sealed record SparseRow(int[] At, float[] Values, float[] Vector, int Words)
    {
        public float Product(ReadOnlySpan<float> weights)
        {
            var sum = 0f;
            for (var i = 0; i < At.Length; i++) sum += Values[i] * weights[At[i]];
            return Vector.Length == 0 ? sum : sum + TensorPrimitives.Dot(weights.Slice(Words, Vector.Length), Vector);
        }

        public void AddTo(Span<float> gradient, float times)
        {
            for (var i = 0; i < At.Length; i++) gradient[At[i]] += times * Values[i];
            if (Vector.Length > 0) TensorPrimitives.MultiplyAdd(Vector, times, gradient.Slice(Words, Vector.Length), gradient.Slice(Words, Vector.Length));
        }
    }

    private readonly IReadOnlyList<Example> examples = examples;
    private readonly float[][] vectors = vectors;
}
