using CoopAI.Core.Principles;

namespace CoopAI.Core.Tagging.Learning;

/// <summary>The tagger with staff's decisions held against the one without, on texts that neither had seen.</summary>
/// <param name="Decisions">Decisions that were learned from.</param>
/// <param name="With">Brier score with them, 0 is best.</param>
/// <param name="Without">Brier score without them.</param>
/// <param name="Difference">With minus without; above 0: worse with.</param>
/// <param name="Low">Lower end of the difference's 95% bootstrap interval over texts.</param>
/// <param name="High">Upper end.</param>
/// <param name="Kept">Whether suggestions come from the tagger with the decisions: not when it is worse beyond chance.</param>
public sealed record DecisionComparison(int Decisions, double With, double Without, double Difference, double Low, double High, bool Kept)
{
    /// <summary>The outcome in a sentence.</summary>
    public string Summary => Decisions == 0 ? "No decisions yet: there is nothing to compare."
        : Kept ? FormattableString.Invariant($"The tagger with {Decisions} decision{(Decisions == 1 ? "" : "s")} is kept: Brier score {With:F4} with, {Without:F4} without (difference {Difference:+0.0000;-0.0000}, 95% interval {Low:+0.0000;-0.0000} to {High:+0.0000;-0.0000}).")
        : FormattableString.Invariant($"The tagger with {Decisions} decision{(Decisions == 1 ? "" : "s")} is worse on held-out texts (Brier score {With:F4} with, {Without:F4} without), so suggestions come from the one without them. Look through the decisions.");
}

/// <summary>Turns staff's decisions into training data, and checks that they do good.</summary>
public static class DecisionLearning
{
    /// <summary>What a decided text counts, against 1 for a text that the readers labelled: a person looked at exactly this tag.</summary>
    public const float Weight = 3;

    /// <summary>The readers' examples with the decisions laid over them: a decision replaces a reader's label; other texts bring only their decided labels.</summary>
    /// <param name="texts">Texts by slug; decisions on other slugs are left out.</param>
    public static IReadOnlyList<TaggingExample> Merge(
        IReadOnlyList<TaggingExample> readers, IReadOnlyList<StaffDecision> decisions, IReadOnlyDictionary<string, ReadText> texts)
    {
        ArgumentNullException.ThrowIfNull(readers);
        ArgumentNullException.ThrowIfNull(decisions);
        ArgumentNullException.ThrowIfNull(texts);
        var merged = readers.ToList();
        foreach (var group in decisions.Where(d => texts.ContainsKey(d.Slug)).GroupBy(d => d.Slug, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            var decided = group.Select(d => d.Principle).ToHashSet(StringComparer.Ordinal);
            for (var i = 0; i < merged.Count; i++)
            {
                if (merged[i].Key == group.Key)
                    merged[i] = merged[i] with { Labels = merged[i].Labels.Where(l => !decided.Contains(l.Key)).ToDictionary(StringComparer.Ordinal) };
            }

            merged.Add(new TaggingExample(
                texts[group.Key],
                group.ToDictionary(d => d.Principle, d => d.IsYes, StringComparer.Ordinal),
                group.Where(d => d is { IsYes: true, Sentence: not null }).ToDictionary(d => d.Principle, d => (IReadOnlyList<string>)[d.Sentence!], StringComparer.Ordinal),
                Weight));
        }

        return merged;
    }

    /// <summary>Cross-validates both taggers; staff's word is the truth where there is one, the readers' elsewhere.</summary>
    public static DecisionComparison Compare(
        TaggableTextReader reader, IReadOnlyList<TaggingExample> readers, IReadOnlyList<TaggingExample> merged, int decisions, TaggingPrior? prior, int seed)
    {
        ArgumentNullException.ThrowIfNull(readers);
        ArgumentNullException.ThrowIfNull(merged);
        if (decisions == 0 || readers.Count == 0) return new(decisions, 0, 0, 0, 0, 0, true);
        const int FoldCount = 5;
        var texts = merged.Select(e => e.Text.Source.Fingerprint).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        var assigned = Folds.Assign(texts.Count, FoldCount, seed);
        var fold = texts.Select((t, i) => (t, f: assigned[i])).ToDictionary(x => x.t, x => x.f, StringComparer.Ordinal);
        var errors = new List<(double With, double Without, double Pairs)>();
        for (var f = 0; f < FoldCount; f++)
        {
            var held = merged.Where(e => fold[e.Text.Source.Fingerprint] == f).ToList();
            if (held.Count == 0) continue;
            var with = TaggerTrainer.Train(reader, [.. merged.Where(e => fold[e.Text.Source.Fingerprint] != f)], prior);
            var without = TaggerTrainer.Train(reader, TaggingCrossValidation.Without(readers, held), prior);
            foreach (var text in held.GroupBy(e => e.Text.Source.Fingerprint, StringComparer.Ordinal))
            {
                var labels = text.SelectMany(e => e.Labels).ToList();
                errors.Add((Squared(with.Suggest(text.First().Text), labels), Squared(without.Suggest(text.First().Text), labels), labels.Count));
            }
        }

        return Judge(errors, decisions, seed);
    }

    /// <param name="errors">Per text the squared errors summed over its known pairs, with and without the decisions, and the number of pairs.</param>
    internal static DecisionComparison Judge(IReadOnlyList<(double With, double Without, double Pairs)> errors, int decisions, int seed)
    {
        var (with, without, difference) = Totals(errors);
        var random = new Random(seed);
        var draws = new double[1000];
        for (var i = 0; i < draws.Length; i++)
            draws[i] = Totals([.. Enumerable.Range(0, errors.Count).Select(_ => errors[random.Next(errors.Count)])]).Difference;
        Array.Sort(draws);
        var (low, high) = (draws[25], draws[974]);
        return new(decisions, with, without, difference, low, high, low <= 0);
    }

    private static double Squared(TagSuggestion suggestion, List<KeyValuePair<string, bool>> labels) =>
        labels.Sum(l => Math.Pow(suggestion.Tags.First(t => t.Id == l.Key).Probability - (l.Value ? 1 : 0), 2));

    private static (double With, double Without, double Difference) Totals(IReadOnlyList<(double With, double Without, double Pairs)> errors)
    {
        var pairs = errors.Sum(e => e.Pairs);
        return pairs == 0 ? default : (errors.Sum(e => e.With) / pairs, errors.Sum(e => e.Without) / pairs, errors.Sum(e => e.With - e.Without) / pairs);
    }
}
