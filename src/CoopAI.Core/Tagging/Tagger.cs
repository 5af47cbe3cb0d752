using CoopAI.Core.Tagging.Learning;

namespace CoopAI.Core.Tagging;

/// <summary>The fitted parts whose values the combination weighs.</summary>
internal sealed record TaggerParts(LinearModel[] Sentences, LinearModel[] Texts, Neighbours Neighbours, TaggerTrainer.Scale Scale)
{
    /// <summary>Per principle: sentence evidence, whole text, similarity to the description, neighbours' votes.</summary>
    /// <param name="sentenceScores">Per principle and sentence the sentence model's log-odds.</param>
    public float[][] Values(ReadText text, out float[][] sentenceScores, out IReadOnlyList<(TaggingExample Example, float Similarity)> nearest)
    {
        nearest = Neighbours.Nearest(text);
        var votes = Neighbours.Votes(nearest);
        sentenceScores = new float[Sentences.Length][];
        var values = new float[Sentences.Length][];
        for (var p = 0; p < values.Length; p++)
        {
            var scores = new float[text.Sentences.Count];
            for (var s = 0; s < scores.Length; s++) scores[s] = Sentences[p].Score(text.Sentences[s].Features);
            sentenceScores[p] = scores;
            var similarity = Math.Clamp((text.Similarities[p] - Scale.Mean[p]) / Scale.Deviation[p], -4, 4);
            values[p] = [Pool(scores), Texts[p].Score(text.Features), similarity, votes[p]];
        }

        return values;
    }

    // The best sentence, and half of the second: two sentences that show a principle are worth more than one.
    private static float Pool(float[] scores)
    {
        var (first, second) = (0.0, 0.0);
        foreach (var score in scores)
        {
            var probability = Tagger.Logistic(score);
            if (probability > first) (first, second) = (probability, first);
            else if (probability > second) second = probability;
        }

        return (float)Math.Log(first + (0.5 * second) + 1e-6);
    }
}

/// <summary>Probabilities of one principle: "no" below the first, "yes" from the second, "unsure" between them.</summary>
public readonly record struct TagThresholds(double Unsure, double Yes);

/// <summary>A trained tagger. Immutable and thread-safe; <see cref="TaggerTrainer"/> makes it.</summary>
public sealed class Tagger
{
    /// <summary>Sentences shown for a tag.</summary>
    public const int MaxEvidence = 3;

    /// <summary>Neighbours shown for a tag.</summary>
    public const int MaxNeighbours = 3;

    private readonly string[] _ids;
    private readonly TaggerParts _parts;
    private readonly LinearModel _combination;
    private readonly TagThresholds[] _thresholds;
    private readonly TaggerSettings _settings;

    internal Tagger(string[] ids, TaggerParts parts, LinearModel combination, TagThresholds[] thresholds, TaggerSettings settings, string version) =>
        (_ids, _parts, _combination, _thresholds, _settings, Version) = (ids, parts, combination, thresholds, settings, version);

    /// <summary>16 hex digits over data, settings, prior and principles.</summary>
    public string Version { get; }

    /// <summary>By principle.</summary>
    public IReadOnlyDictionary<string, TagThresholds> Thresholds =>
        _ids.Select((id, p) => (id, p)).ToDictionary(x => x.id, x => _thresholds[x.p], StringComparer.Ordinal);

    /// <summary>Suggests tags. The text must have been read with the reader that the tagger was trained with.</summary>
    public TagSuggestion Suggest(ReadText text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Nothing is { } nothing) return new([.. _ids.Select(id => new SuggestedTag(id, 0, TagDecision.No, [], []))], Explain(nothing), Version);
        var values = _parts.Values(text, out var sentences, out var nearest);
        return new([.. _ids.Select((id, p) => Tag(id, p, text, values[p], sentences[p], nearest))], null, Version);
    }

    /// <summary>The sentence that comes nearest to showing a principle, however weak; null for a text without a sentence to show.</summary>
    public TagEvidence? Nearest(ReadText text, string id)
    {
        ArgumentNullException.ThrowIfNull(text);
        var model = _parts.Sentences[Array.IndexOf(_ids, id)];
        return text.Sentences.Where(s => s.Span is not null).MaxBy(s => model.Score(s.Features)) is { } best ? new(best.Shown, best.Span!.Value.Start, best.Span!.Value.End) : null;
    }

    internal static double Logistic(double x) => x >= 0 ? 1 / (1 + Math.Exp(-x)) : Math.Exp(x) / (1 + Math.Exp(x));

    internal static float[] CombinationRow(float[] values, int principle, int principles)
    {
        var row = new float[values.Length + principles];
        values.CopyTo(row, 0);
        row[values.Length + principle] = TaggerTrainer.OneHot;
        return row;
    }

    internal static double Probability(LinearModel combination, float[] values, int principle, int principles) =>
        Logistic(combination.Score(CombinationRow(values, principle, principles)));

    private SuggestedTag Tag(string id, int p, ReadText text, float[] values, float[] sentences, IReadOnlyList<(TaggingExample Example, float Similarity)> nearest)
    {
        // Rounded before it is compared, so that what is shown and what is decided cannot disagree.
        var probability = Math.Round(Probability(_combination, values, p, _ids.Length), 4);
        var ranked = probability < _thresholds[p].Unsure ? [] : Ranked(text, sentences);
        var decision = ranked.Count == 0 ? TagDecision.No
            : probability >= _thresholds[p].Yes && Logistic(sentences[ranked[0]]) >= _settings.StrongSentence ? TagDecision.Yes : TagDecision.Unsure;
        var evidence = ranked.ConvertAll(s => new TagEvidence(text.Sentences[s].Shown, text.Sentences[s].Span!.Value.Start, text.Sentences[s].Span!.Value.End));
        string[] neighbours = [.. nearest.Where(n => n.Example.Labels.TryGetValue(id, out var yes) && yes).Select(n => n.Example.Text.Source.Slug).OfType<string>().Distinct().Take(MaxNeighbours)];
        return new SuggestedTag(id, probability, decision, evidence, neighbours);
    }

    /// <summary>Sentences worth showing, likeliest first.</summary>
    private List<int> Ranked(ReadText text, float[] scores)
    {
        var ranked = Enumerable.Range(0, scores.Length).Where(s => text.Sentences[s].Span is not null && Logistic(scores[s]) >= _settings.EvidenceFloor)
            .OrderByDescending(s => scores[s]).ThenBy(s => s).Take(MaxEvidence).ToList();
        // After the best, only sentences that speak for themselves or nearly as loud.
        return [.. ranked.Where((s, rank) => rank == 0 || Logistic(scores[s]) >= 0.5 || scores[s] >= scores[ranked[0]] - 0.7)];
    }

    private static string Explain(NothingToTag nothing) => nothing switch
    {
        NothingToTag.TooShort => $"No tags: the text has fewer than {TaggableTextReader.MinWords} words, too few to show a principle at work.",
        NothingToTag.OtherLanguage => "No tags: the text is not in English, the only language the tagger reads.",
        NothingToTag.OnlyStatements => "No tags: the text only quotes or lists the principles. A tag needs a sentence that shows one at work.",
        _ => throw new ArgumentOutOfRangeException(nameof(nothing), nothing, null),
    };
}
