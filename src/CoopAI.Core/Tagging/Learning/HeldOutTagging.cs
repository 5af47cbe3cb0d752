using CoopAI.Core.Corpus;

namespace CoopAI.Core.Tagging.Learning;

/// <summary>Trains on one set of texts and tags another, with no way for the second to have been seen.</summary>
public static class HeldOutTagging
{
    /// <param name="train">Labelled texts; those that share slug or text with one of <paramref name="test"/> are left out.</param>
    /// <param name="prior">Not used when it was trained on one of the <paramref name="test"/> texts.</param>
    /// <returns>One suggestion a test text, in order.</returns>
    /// <exception cref="BadInputException">Nothing is left to learn from.</exception>
    public static async Task<IReadOnlyList<TagSuggestion>> RunAsync(
        TaggableTextReader reader, IReadOnlyList<LabelledText> train, IReadOnlyList<CaseStudy> test, TaggingPrior? prior, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(reader);
        ArgumentNullException.ThrowIfNull(train);
        ArgumentNullException.ThrowIfNull(test);
        var slugs = test.Select(t => t.Slug).ToHashSet(StringComparer.Ordinal);
        var texts = test.Select(t => TaggableText.Of(t).Fingerprint).ToHashSet(StringComparer.Ordinal);
        if (prior is not null && prior.Texts.Overlaps(texts)) prior = null;
        var left = train.Where(t => !slugs.Contains(t.CaseStudy.Slug) && !texts.Contains(TaggableText.Of(t.CaseStudy).Fingerprint)).ToList();
        if (left.TrueForAll(t => t.Labels.Count == 0) && prior is null)
            throw new BadInputException("Nothing is left to learn from: every training text is also a test text, or none has labels.");

        var read = await reader.ReadAsync([.. left.Select(t => TaggableText.Of(t.CaseStudy)), .. test.Select(TaggableText.Of)], ct).ConfigureAwait(false);
        var tagger = TaggerTrainer.Train(reader, [.. left.Select((t, i) => t.ToExample(read[i]))], prior);
        return [.. test.Select((_, i) => tagger.Suggest(read[left.Count + i]))];
    }
}
