using System.Numerics.Tensors;
using System.Text.Json;
using CoopAI.Core.Language;
using CoopAI.Core.Vectors;
using Microsoft.Extensions.AI;

namespace CoopAI.Core.Guidance.Learning;

/// <summary>Embeds questions for the classifiers.</summary>
/// <param name="ModelId">The encoder's id; a classifier fitted to another encoder goes by words alone.</param>
/// <param name="Embed">L2-normalised embedding of a question. Safe for concurrent use.</param>
public sealed record QuestionEncoder(string ModelId, Func<string, ReadOnlyMemory<float>> Embed)
{
    /// <summary>The questions' side of an encoder; null: it does not say which it is.</summary>
    public static QuestionEncoder? Of(IEmbeddingGenerator<string, Embedding<float>> generator)
    {
        ArgumentNullException.ThrowIfNull(generator);
        return (generator.GetService(typeof(EmbeddingGeneratorMetadata)) as EmbeddingGeneratorMetadata)?.DefaultModelId is { } id
            ? new(id, question => generator.GenerateAsync([question], EmbeddedQuestion.Options).GetAwaiter().GetResult()[0].Vector) : null;
    }
}

/// <summary>What a classifier makes of a question.</summary>
/// <param name="Likelihood">Calibrated, in [0, 1].</param>
/// <param name="Threshold">From this likelihood the rule objects.</param>
/// <param name="TellingWords">Words of the question that spoke most for objecting, strongest first; at most four.</param>
internal sealed record Judgement(double Likelihood, double Threshold, IReadOnlyList<string> TellingWords)
{
    public bool Objects => Likelihood >= Threshold;
}

/// <summary>A labelled case like the question at hand.</summary>
internal sealed record LabelledCase(string Id, string Check, string Text);

/// <summary>Logistic regression over words, letters and the sentence vector of a question, one model for each of three rules.</summary>
/// <remarks>
/// Fitted by <c>tools/train-guidance</c>; the weights are data and part of the framework's version. Each model exists twice: with the
/// vector, and on words alone for when no encoder is at hand. A text in which few words are known (another language) is not judged:
/// the lists decide there. Immutable and safe to share.
/// </remarks>
internal sealed class QuestionClassifiers
{
    /// <summary>Check types that have a classifier, in the order of the weights.</summary>
    public static readonly IReadOnlyList<string> Checks = ["individual-decision", "party-politics", "injection"];

    /// <summary>Least share of a text's words that must be known before the text is judged.</summary>
    private const double KnownShare = 0.5;

    // A case is as long as a question; a long text is also read piece by piece, so that padding hides nothing.
    private const int LongText = 60;

    private readonly QuestionFeatures features;
    private readonly LearnedModel model;

    public QuestionClassifiers(string name, string content, QuestionFeatures features)
    {
        this.features = features;
        try
        {
            model = JsonSerializer.Deserialize<LearnedModel>(content, CoopJson.Options) ?? throw new JsonException("empty");
        }
        catch (JsonException e)
        {
            throw ListFile.Bad(name, (int)(e.LineNumber ?? 0) + 1, "not a file of tools/train-guidance");
        }

        if (model.Checks is null || model.Features is null || model.Vectors is null || model.WithVector is null || model.WordsAlone is null || model.Cases is null)
            throw ListFile.Bad(name, 1, "must hold checks, withVector, wordsAlone, vectors, features and cases");
        if (!model.Checks.SequenceEqual(Checks, StringComparer.Ordinal)) throw ListFile.Bad(name, 1, $"checks must be {string.Join(", ", Checks)}");
        if (model.Features.Any(f => f.Value.Length != 1 + (2 * Checks.Count)) || model.Vectors.Length != Checks.Count || model.WithVector.Length != Checks.Count || model.WordsAlone.Length != Checks.Count)
            throw ListFile.Bad(name, 1, $"every feature must have {1 + (2 * Checks.Count)} figures and every part {Checks.Count} models");
    }

    /// <summary>The encoder that the models with a vector were fitted to.</summary>
    public string Encoder => model.Encoder;

    /// <summary>What the classifier of a check type makes of a question; null: the text is not one it can judge.</summary>
    /// <param name="vector">The question's embedding by <see cref="Encoder"/>; null: words alone.</param>
    public Judgement? Judge(string check, string text, ReadOnlyMemory<float>? vector)
    {
        var at = IndexOf(check);
        var words = features.WordsOf(text);
        if (!CanJudge(words)) return null;
        var best = vector is { } v && v.Length == model.Vectors[at].Length ? Score(at, words, v) : Score(at, words, null);
        for (var from = 0; words.Count > LongText && from < words.Count; from += LongText / 2)
        {
            var piece = Score(at, [.. words.Skip(from).Take(LongText)], null);
            if (piece.Likelihood - piece.Threshold > best.Likelihood - best.Threshold) best = piece;
        }

        return best;
    }

    /// <summary>Labelled cases of the rule that share most with the question, nearest first.</summary>
    public IReadOnlyList<LabelledCase> Nearest(string check, string text, int count = 2)
    {
        var question = Weighted(QuestionFeatures.OfWords(features.WordsOf(text)));
        return [.. model.Cases.Where(c => c.Check == check)
            .Select(c => (Case: c, Likeness: Product(question, Weighted(QuestionFeatures.OfWords(features.WordsOf(c.Text))))))
            .OrderByDescending(c => c.Likeness).ThenBy(c => c.Case.Id, StringComparer.Ordinal).Take(count).Select(c => c.Case)];
    }

    /// <summary>Fewest words that carry meaning in a text that can be judged.</summary>
    private const int LeastContent = 3;

    internal bool CanJudge(IReadOnlyList<string> words)
    {
        var letters = words.Where(w => char.IsLetter(w[0])).ToList();
        return HasContent(words) && letters.Count(model.Features.ContainsKey) >= KnownShare * letters.Count;
    }

    /// <summary>Whether enough words carry meaning.</summary>
    /// <remarks>"Who was first?", "Anything on libraries?" and "Perfect, thanks": one or two such words tell nothing of what is wanted.</remarks>
    internal static bool HasContent(IReadOnlyList<string> words) => words.Count(w => char.IsLetter(w[0]) && !StopWords.Contains(w)) >= LeastContent;

    private Judgement Score(int at, IReadOnlyList<string> words, ReadOnlyMemory<float>? vector)
    {
        var head = vector is null ? model.WordsAlone[at] : model.WithVector[at];
        var offset = 1 + at + (vector is null ? Checks.Count : 0);
        var ofWords = Weighted(QuestionFeatures.OfWords(words));
        var ofLetters = Weighted(QuestionFeatures.OfLetters(words));
        var shares = ofWords.Select(w => (w.Feature, Share: w.Value * model.Features[w.Feature][offset])).ToList();
        var score = head.Bias + shares.Sum(s => s.Share) + ofLetters.Sum(l => l.Value * model.Features[l.Feature][offset]);
        if (vector is { } v) score += TensorPrimitives.Dot(v.Span, model.Vectors[at]);
        return new Judgement(
            1 / (1 + Math.Exp(-((head.Slope * score) + head.Offset))), head.Threshold,
            [.. shares.Where(s => s.Share > 0.02 && !s.Feature.Contains('1', StringComparison.Ordinal)).OrderByDescending(s => s.Share).ThenBy(s => s.Feature, StringComparer.Ordinal).Take(4).Select(s => s.Feature.Replace(" _ ", " … ", StringComparison.Ordinal))]);
    }

    /// <summary>Known features by (1 + ln count) · idf, divided by their length; in ordinal order, so that sums come out the same.</summary>
    private List<(string Feature, double Value)> Weighted(Dictionary<string, int> counts)
    {
        var known = counts.Where(c => model.Features.ContainsKey(c.Key)).OrderBy(c => c.Key, StringComparer.Ordinal)
            .Select(c => (c.Key, Value: (1 + Math.Log(c.Value)) * model.Features[c.Key][0])).ToList();
        var length = Math.Sqrt(known.Sum(k => k.Value * k.Value));
        return length == 0 ? [] : [.. known.Select(k => (k.Key, k.Value / length))];
    }

    private static double Product(List<(string Feature, double Value)> a, List<(string Feature, double Value)> b)
    {
        var other = b.ToDictionary(x => x.Feature, x => x.Value, StringComparer.Ordinal);
        return a.Sum(x => x.Value * other.GetValueOrDefault(x.Feature));
    }

    private static int IndexOf(string check)
    {
        for (var i = 0; i < Checks.Count; i++)
        {
            if (Checks[i] == check) return i;
        }

        throw new ArgumentException($"There is no classifier for '{check}'.", nameof(check));
    }
}

/// <summary>The file of weights.</summary>
/// <param name="About">What it is and how it was made.</param>
/// <param name="Vectors">By check: weights of the sentence vector.</param>
/// <param name="Features">By word, pair ("a b", "a _ b") or piece of letters ("~_abc"): inverse document frequency, the weights with a vector by check, and those on words alone.</param>
/// <param name="Cases">Labelled cases to which a verdict can point.</param>
internal sealed record LearnedModel(
    string About, string Encoder, IReadOnlyList<string> Checks, LearnedHead[] WithVector, LearnedHead[] WordsAlone, float[][] Vectors,
    Dictionary<string, float[]> Features, LabelledCase[] Cases);

/// <summary>Bias of a score, its calibration (likelihood = logistic(slope · score + offset)) and the likelihood from which the rule objects.</summary>
internal sealed record LearnedHead(double Bias, double Slope, double Offset, double Threshold);
