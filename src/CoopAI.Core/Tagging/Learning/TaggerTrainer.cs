using System.Numerics.Tensors;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CoopAI.Core.Language;

namespace CoopAI.Core.Tagging.Learning;

/// <summary>Trains taggers. Pure: the same examples, prior and settings give the same tagger, in whatever order the examples come.</summary>
/// <remarks>
/// Per principle a sentence model and a whole-text model (logistic regressions on embedding and cues, held to the prior), the votes of
/// neighbours and the similarity to the description; one small logistic regression over all principles combines and calibrates them on
/// predictions that an inner cross-validation made for texts the parts had not seen. Thresholds follow from those probabilities.
/// </remarks>
public static class TaggerTrainer
{
    /// <summary>Fewest labelled texts for calibration and thresholds of their own.</summary>
    public const int MinToCalibrate = 20;

    internal const int Parts = 4;

    // A one-hot value of 3 lets a principle's offset move at a third of the price of a weight.
    internal const float OneHot = 3;

    /// <param name="examples">Labelled texts; those that have nothing to tag are left out. A key that comes twice counts twice.</param>
    /// <param name="prior">Where the models start, or null to learn from the examples alone.</param>
    /// <exception cref="ArgumentException">There is neither a usable example nor a prior.</exception>
    public static Tagger Train(TaggableTextReader reader, IReadOnlyList<TaggingExample> examples, TaggingPrior? prior, TaggerSettings? settings = null)
    {
        ArgumentNullException.ThrowIfNull(reader);
        ArgumentNullException.ThrowIfNull(examples);
        settings ??= new TaggerSettings();
        if (prior is not null && !prior.Fits(reader)) prior = null;
        var usable = Usable(examples);
        if (usable.Count == 0 && prior is null) throw new ArgumentException("There is neither a labelled text nor a prior to learn from.", nameof(examples));

        var ids = reader.Catalogue.Principles.Select(p => p.Id).ToArray();
        var context = new Context(ids, prior, settings, Scale.Of(usable, prior, ids.Length));
        var parts = context.Fit(usable);
        if (usable.Count < MinToCalibrate)
        {
            var fallback = Enumerable.Repeat(new TagThresholds(settings.FallbackUnsure, settings.FallbackYes), ids.Length).ToArray();
            return new Tagger(ids, parts, prior?.Combination ?? DefaultCombination(ids.Length), fallback, settings, VersionOf(reader, usable, prior, settings));
        }

        var rows = OutOfFold(context, usable);
        var combination = Combine(rows, usable, ids, prior?.Combination, settings);
        var thresholds = Thresholds(rows, usable, ids, combination, settings);
        return new Tagger(ids, parts, combination, thresholds, settings, VersionOf(reader, usable, prior, settings));
    }

    /// <summary>Makes a prior of labelled texts that are not the Network's.</summary>
    /// <param name="provenance">A sentence for the file: where the texts come from and under which licence.</param>
    public static TaggingPrior TrainPrior(TaggableTextReader reader, IReadOnlyList<TaggingExample> examples, string provenance)
    {
        ArgumentNullException.ThrowIfNull(reader);
        ArgumentNullException.ThrowIfNull(examples);
        var usable = Usable(examples);
        if (usable.Count < MinToCalibrate) throw new ArgumentException($"A prior needs at least {MinToCalibrate} labelled texts; there are {usable.Count}.", nameof(examples));

        var settings = new TaggerSettings();
        var ids = reader.Catalogue.Principles.Select(p => p.Id).ToArray();
        var context = new Context(ids, null, settings, Scale.Of(usable, null, ids.Length));
        var parts = context.Fit(usable);
        var combination = Combine(OutOfFold(context, usable), usable, ids, null, settings);
        return new TaggingPrior(
            reader.Model, provenance, [.. usable.Select(e => e.Text.Source.Fingerprint).Distinct()], parts.Sentences, parts.Texts,
            combination, context.Scale.Mean, context.Scale.Deviation, context.Scale.Centre);
    }

    /// <summary>Examples that can be learned from, in an order that does not depend on how they came.</summary>
    private static List<TaggingExample> Usable(IReadOnlyList<TaggingExample> examples) =>
        [.. examples.Where(e => e.Text.Nothing is null && e.Labels.Count > 0).OrderBy(e => e.Key, StringComparer.Ordinal).ThenBy(e => e.Text.Source.Fingerprint, StringComparer.Ordinal).ThenBy(e => e.Weight)];

    // Only used where nothing better is known: sentences and text as strong as in the first experiments, the others as tie-breakers.
    private static LinearModel DefaultCombination(int principles) => new([1f, 0.5f, 0.3f, 0.1f, .. new float[principles]], 0.5f);

    private static float[][][] OutOfFold(Context context, List<TaggingExample> examples)
    {
        var rows = new float[examples.Count][][];
        var folds = Folds.Assign(examples.Count, context.Settings.Folds, context.Settings.Seed);
        // Folds do not depend on each other, and each writes rows of its own: side by side they keep every processor busy to the last principle.
        Parallel.For(0, context.Settings.Folds, fold =>
        {
            var parts = context.Fit([.. examples.Where((_, i) => folds[i] != fold)]);
            for (var i = 0; i < examples.Count; i++)
            {
                if (folds[i] == fold) rows[i] = parts.Values(examples[i].Text, out _, out _);
            }
        });

        return rows;
    }

    private static LinearModel Combine(float[][][] rows, List<TaggingExample> examples, string[] ids, LinearModel? prior, TaggerSettings settings)
    {
        var (features, truth, weights) = (new List<float[]>(), new List<bool>(), new List<float>());
        for (var i = 0; i < examples.Count; i++)
        {
            for (var p = 0; p < ids.Length; p++)
            {
                if (!examples[i].Labels.TryGetValue(ids[p], out var label)) continue;
                features.Add(Tagger.CombinationRow(rows[i][p], p, ids.Length));
                truth.Add(label);
                weights.Add(examples[i].Weight);
            }
        }

        var penalties = new float[Parts + ids.Length + 1];
        penalties.AsSpan(0, Parts).Fill(prior is null ? 1 : settings.CombinationPenalty);
        penalties.AsSpan(Parts, ids.Length).Fill(settings.OffsetPenalty);
        return LogisticRegression.Fit(features, truth, weights, penalties, prior ?? DefaultCombination(ids.Length), iterations: 200);
    }

    /// <summary>Thresholds that the calibrated probabilities of unseen texts ask for: steadier on few texts than what was observed at each.</summary>
    /// <remarks>"Unsure" begins where the expected F1 is best, "yes" where as many given tags as the settings ask for are expected to be right.</remarks>
    private static TagThresholds[] Thresholds(float[][][] rows, List<TaggingExample> examples, string[] ids, LinearModel combination, TaggerSettings settings)
    {
        var known = ids.Select((id, p) => examples.Select((e, i) => (e, i)).Where(x => x.e.Labels.ContainsKey(id))
            .Select(x => Tagger.Probability(combination, rows[x.i][p], p, ids.Length)).ToList()).ToList();
        var common = Precise([.. known.SelectMany(q => q)], settings.GivenPrecision);
        return [.. known.Select(q =>
        {
            var unsure = BestF1(q, settings.FallbackUnsure);
            var yes = (settings.OwnThreshold * Precise(q, settings.GivenPrecision)) + ((1 - settings.OwnThreshold) * common);
            return new TagThresholds(unsure, Math.Max(unsure, yes));
        })];
    }

    /// <summary>The threshold with the best F1 that the probabilities expect.</summary>
    private static double BestF1(List<double> probabilities, double otherwise)
    {
        var total = probabilities.Sum();
        var (best, bestF1) = (otherwise, 0.0);
        for (var step = 34; step <= 60; step += 2)
        {
            var threshold = step / 100.0;
            var given = probabilities.Where(q => q >= threshold).ToList();
            var f1 = given.Count == 0 ? 0 : 2 * given.Sum() / (given.Count + total);
            if (f1 > bestF1) (best, bestF1) = (threshold, f1);
        }

        return best;
    }

    /// <summary>The lowest threshold at which the given ones are expected to be right as often as asked; 0.95 when there is none.</summary>
    private static double Precise(List<double> probabilities, double precision)
    {
        const int Highest = 95;
        for (var step = 34; step < Highest; step++)
        {
            var threshold = step / 100.0;
            var given = probabilities.Where(q => q >= threshold).ToList();
            if (given.Count > 0 && given.Average() >= precision) return threshold;
        }

        return Highest / 100.0;
    }

    private static string VersionOf(TaggableTextReader reader, List<TaggingExample> examples, TaggingPrior? prior, TaggerSettings settings)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        void Add(string text) => hash.AppendData(Encoding.UTF8.GetBytes(text + "\n"));
        Add(reader.Model);
        Add(reader.Catalogue.Hash);
        Add(JsonSerializer.Serialize(settings, CoopJson.Options));
        Add(prior is null ? "no prior" : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(prior.ToJson()))));
        foreach (var example in examples)
        {
            Add(example.Text.Source.Fingerprint + " " + example.Text.Source.Title);
            foreach (var (id, yes) in example.Labels.OrderBy(l => l.Key, StringComparer.Ordinal)) Add($"{id} {yes} {example.Weight}");
            foreach (var (id, sentences) in example.Evidence.OrderBy(l => l.Key, StringComparer.Ordinal)) Add($"{id}: {string.Join('|', sentences)}");
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }

    /// <summary>What puts similarities and embeddings on a common scale.</summary>
    internal sealed record Scale(float[] Mean, float[] Deviation, float[] Centre)
    {
        public static Scale Of(IReadOnlyList<TaggingExample> examples, TaggingPrior? prior, int principles)
        {
            if (prior is not null) return new(prior.SimilarityMean, prior.SimilarityDeviation, prior.MeanEmbedding);
            var (mean, deviation) = (new float[principles], new float[principles]);
            for (var p = 0; p < principles; p++)
            {
                var values = examples.Select(e => (double)e.Text.Similarities[p]).ToList();
                mean[p] = (float)values.Average();
                deviation[p] = (float)Math.Max(0.01, Math.Sqrt(values.Average(v => (v - mean[p]) * (v - mean[p]))));
            }

            var centre = new float[examples[0].Text.Embedding.Length];
            foreach (var example in examples) TensorPrimitives.Add(centre, example.Text.Embedding, centre);
            TensorPrimitives.Divide(centre, examples.Count, centre);
            return new(mean, deviation, centre);
        }
    }

    /// <summary>Sentences of one text that count as "does not show it" at most, the likeliest: the others teach nothing and a long text would take all the time.</summary>
    private const int SentencesOfText = 8;

    // Nearer to the optimum changes no figure of the cross-validation and takes longer.
    private const double Tolerance = 1e-4;

    private sealed record Context(string[] Ids, TaggingPrior? Prior, TaggerSettings Settings, Scale Scale)
    {
        public TaggerParts Fit(IReadOnlyList<TaggingExample> examples)
        {
            var sentences = new LinearModel[Ids.Length];
            var texts = new LinearModel[Ids.Length];
            var length = Prior?.SentenceModels[0].Weights.Length ?? examples[0].Text.Features.Length;
            // Principles do not depend on each other, so running them side by side changes no result.
            Parallel.For(0, Ids.Length, p =>
            {
                texts[p] = FitTexts(examples, p, Prior?.TextModels[p] ?? LinearModel.Zero(length));
                // Without a prior the text's model is the best guess at which sentence made readers say yes.
                sentences[p] = Prior is null
                    ? FitSentences(examples, p, LinearModel.Zero(length), texts[p])
                    : FitSentences(examples, p, Prior.SentenceModels[p], Prior.SentenceModels[p]);
            });
            return new TaggerParts(sentences, texts, new Neighbours(examples, Ids, Scale.Centre, Settings.Neighbours), Scale);
        }

        /// <param name="guide">Names the sentence of a text whose readers named none.</param>
        private LinearModel FitSentences(IReadOnlyList<TaggingExample> examples, int p, LinearModel start, LinearModel guide)
        {
            var (rows, truth, weights) = (new List<float[]>(), new List<bool>(), new List<float>());
            foreach (var example in examples)
            {
                if (!example.Labels.TryGetValue(Ids[p], out var label)) continue;
                var shows = label ? Showing(example, Ids[p]) : null;
                // With no sentence named, the likeliest is taken and nothing said about the others.
                var guessed = label && shows!.Count == 0 ? Likeliest(example.Text, guide) : -1;
                var likely = guessed < 0 && example.Text.Sentences.Count > SentencesOfText ? Likeliest(example.Text, guide, SentencesOfText) : null;
                for (var s = 0; s < example.Text.Sentences.Count; s++)
                {
                    var positive = label && (guessed >= 0 ? s == guessed : shows!.Contains(s));
                    if (!positive && (guessed >= 0 || likely?.Contains(s) == false)) continue;
                    rows.Add(example.Text.Sentences[s].Features);
                    truth.Add(positive);
                    weights.Add(example.Weight);
                }
            }

            return LogisticRegression.Fit(rows, truth, weights, Prior is null ? Settings.ScratchPenalty : Settings.SentencePenalty, 0, start, tolerance: Tolerance);
        }

        private LinearModel FitTexts(IReadOnlyList<TaggingExample> examples, int p, LinearModel start)
        {
            var known = examples.Where(e => e.Labels.ContainsKey(Ids[p])).ToList();
            return LogisticRegression.Fit(
                [.. known.Select(e => e.Text.Features)], [.. known.Select(e => e.Labels[Ids[p]])], [.. known.Select(e => e.Weight)],
                Prior is null ? Settings.ScratchPenalty : Settings.TextPenalty, 0, start, tolerance: Tolerance);
        }

        private static HashSet<int> Showing(TaggingExample example, string id)
        {
            var found = new HashSet<int>();
            if (!example.Evidence.TryGetValue(id, out var evidence)) return found;
            var levelled = evidence.Select(Levelling.Level).ToHashSet(StringComparer.Ordinal);
            for (var s = 0; s < example.Text.Sentences.Count; s++)
            {
                var sentence = Levelling.Level(example.Text.Sentences[s].Text);
                if (levelled.Contains(sentence) || (sentence.Length >= 30 && levelled.Any(e => e.Contains(sentence, StringComparison.Ordinal) || (e.Length >= 30 && sentence.Contains(e, StringComparison.Ordinal)))))
                    found.Add(s);
            }

            return found;
        }

        private static HashSet<int> Likeliest(ReadText text, LinearModel model, int count)
        {
            float[] scores = [.. text.Sentences.Select(s => model.Score(s.Features))];
            return [.. Enumerable.Range(0, scores.Length).OrderByDescending(s => scores[s]).ThenBy(s => s).Take(count)];
        }

        private static int Likeliest(ReadText text, LinearModel model)
        {
            var (best, bestScore) = (0, float.NegativeInfinity);
            for (var s = 0; s < text.Sentences.Count; s++)
            {
                if (model.Score(text.Sentences[s].Features) is var score && score > bestScore) (best, bestScore) = (s, score);
            }

            return best;
        }
    }
}
