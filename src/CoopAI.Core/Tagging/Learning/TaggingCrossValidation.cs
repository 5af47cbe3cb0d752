namespace CoopAI.Core.Tagging.Learning;

/// <summary>A prediction for a text that the tagger had not seen.</summary>
/// <param name="Repeat">0-based.</param>
public sealed record HeldOutSuggestion(int Repeat, TaggingExample Example, TagSuggestion Suggestion);

/// <summary>Repeated cross-validation of the whole tagger, calibration and thresholds included.</summary>
public static class TaggingCrossValidation
{
    /// <summary>Each text is predicted once a repeat, by a tagger trained on the texts of the other folds.</summary>
    /// <param name="examples">Texts with equal fingerprints always share a fold, so that no twin is in training.</param>
    /// <param name="folds">2 or more.</param>
    /// <param name="repeats">Each with folds of its own.</param>
    /// <param name="always">Examples that train in every fold and are never predicted; those that share slug or text with a held-out text are left out.</param>
    /// <returns>Ordered by repeat, then as the examples came.</returns>
    public static IReadOnlyList<HeldOutSuggestion> Run(
        TaggableTextReader reader, IReadOnlyList<TaggingExample> examples, TaggingPrior? prior, int folds, int repeats, int seed,
        TaggerSettings? settings = null, IReadOnlyList<TaggingExample>? always = null)
    {
        ArgumentNullException.ThrowIfNull(examples);
        ArgumentOutOfRangeException.ThrowIfLessThan(folds, 2);
        var groups = examples.Select(e => e.Text.Source.Fingerprint).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        var groupOf = groups.Select((g, i) => (g, i)).ToDictionary(x => x.g, x => x.i, StringComparer.Ordinal);
        var results = new List<HeldOutSuggestion>();
        for (var repeat = 0; repeat < repeats; repeat++)
        {
            var fold = Folds.Assign(groups.Count, folds, unchecked(seed + (7919 * repeat)));
            var suggestions = new TagSuggestion[examples.Count];
            for (var f = 0; f < folds; f++)
            {
                var held = examples.Where(e => FoldOf(e) == f).ToList();
                if (held.Count == 0) continue;
                var tagger = TaggerTrainer.Train(reader, [.. examples.Where(e => FoldOf(e) != f), .. Without(always ?? [], held)], prior, settings);
                for (var i = 0; i < examples.Count; i++)
                {
                    if (FoldOf(examples[i]) == f) suggestions[i] = tagger.Suggest(examples[i].Text);
                }
            }

            var at = repeat;
            results.AddRange(examples.Select((e, i) => new HeldOutSuggestion(at, e, suggestions[i])));

            int FoldOf(TaggingExample example) => fold[groupOf[example.Text.Source.Fingerprint]];
        }

        return results;
    }

    /// <summary>Those of <paramref name="examples"/> that share neither slug nor text with any of <paramref name="held"/>.</summary>
    public static IReadOnlyList<TaggingExample> Without(IReadOnlyList<TaggingExample> examples, IReadOnlyList<TaggingExample> held)
    {
        ArgumentNullException.ThrowIfNull(examples);
        ArgumentNullException.ThrowIfNull(held);
        var slugs = held.Select(h => h.Text.Source.Slug).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var texts = held.Select(h => h.Text.Source.Fingerprint).ToHashSet(StringComparer.Ordinal);
        return [.. examples.Where(e => !(e.Text.Source.Slug is { } slug && slugs.Contains(slug)) && !texts.Contains(e.Text.Source.Fingerprint))];
    }
}
