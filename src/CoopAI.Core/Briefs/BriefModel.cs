using System.Text.Json;

namespace CoopAI.Core.Briefs;

/// <summary>The learned numbers behind a brief, read from <c>brief-model.json</c>; made by <c>tools/train-briefs</c> (see docs/adr/0018-briefs.md).</summary>
/// <param name="Encoder">Id of the model whose embeddings the weights were learned on.</param>
/// <param name="Study">How well a case study fits a question, over <see cref="StudySignals.Names"/>; orders the case studies of one question.</param>
/// <param name="Answerable">Log-odds that the corpus answers a question, over <see cref="PartEvidence.AnswerableNames"/>.</param>
/// <param name="Belongs">Log-odds that a sentence belongs into the brief, over <see cref="SentenceEvidence.BelongsNames"/>.</param>
/// <param name="Answers">Which sentence of a case study answers rather than accompanies, over <see cref="SentenceEvidence.AnswersNames"/>.</param>
/// <param name="AnsweredFrom">Chance from which on a question is answered.</param>
/// <param name="MayHelpFrom">Chance from which on near case studies are offered; below, nothing is held.</param>
/// <param name="QuotedFrom">Chance of belonging from which on a sentence is quoted.</param>
public sealed record BriefModel(
    string Encoder, NamedWeights Study, NamedWeights Answerable, NamedWeights Belongs, NamedWeights Answers, double AnsweredFrom, double MayHelpFrom, double QuotedFrom)
{
    private static readonly Lazy<BriefModel> ShippedModel = new(() =>
    {
        using var stream = typeof(BriefModel).Assembly.GetManifestResourceStream("CoopAI.Core.Briefs.brief-model.json")
            ?? throw new InvalidOperationException("brief-model.json is not in the assembly.");
        return (JsonSerializer.Deserialize<BriefModel>(stream, CoopJson.Options) ?? throw new InvalidOperationException("brief-model.json is empty.")).Checked();
    });

    /// <summary>The weights that ship with the product.</summary>
    public static BriefModel Shipped => ShippedModel.Value;

    /// <summary>A log-odds as a chance.</summary>
    public static double Chance(double logOdds) => 1 / (1 + Math.Exp(-logOdds));

    private BriefModel Checked()
    {
        Study.Check("study", StudySignals.Names);
        Answerable.Check("answerable", PartEvidence.AnswerableNames);
        Belongs.Check("belongs", SentenceEvidence.BelongsNames);
        Answers.Check("answers", SentenceEvidence.AnswersNames);
        return this;
    }
}

/// <summary>A linear function whose weights go by name, so that a person can read them.</summary>
public sealed record NamedWeights(double Bias, IReadOnlyDictionary<string, double> Weights)
{
    private double[]? _ordered;

    /// <param name="signals">One value for each of <paramref name="names"/>.</param>
    public double Score(IReadOnlyList<string> names, ReadOnlySpan<double> signals)
    {
        var ordered = _ordered ??= [.. names.Select(n => Weights[n])];
        var sum = Bias;
        for (var i = 0; i < ordered.Length; i++) sum += ordered[i] * signals[i];
        return sum;
    }

    internal void Check(string model, IReadOnlyList<string> names)
    {
        if (!Weights.Keys.ToHashSet(StringComparer.Ordinal).SetEquals(names))
            throw new InvalidOperationException($"brief-model.json, \"{model}\": the weights are {string.Join(", ", Weights.Keys)}; wanted are {string.Join(", ", names)}.");
    }
}
