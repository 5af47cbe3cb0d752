namespace CoopAI.Core.Retrieval;

/// <summary>What every passage store checks before it writes anything.</summary>
public static class StoredCaseStudies
{
    /// <summary>The case studies to write: of two with one slug the later counts.</summary>
    /// <exception cref="ArgumentException">
    /// An embedding has another dimension or a float that is not finite; two passages of a case study share an id; a passage belongs to
    /// another case study; a lexical vector has unequal lengths, terms that do not ascend, or a weight that is not finite. The message names the passage.
    /// </exception>
    public static IReadOnlyList<StoredCaseStudy> Check(IReadOnlyList<StoredCaseStudy> caseStudies, int dimension)
    {
        ArgumentNullException.ThrowIfNull(caseStudies);
        var latest = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < caseStudies.Count; i++)
        {
            Check(caseStudies[i], dimension);
            latest[caseStudies[i].CaseStudy.Slug] = i;
        }

        return latest.Count == caseStudies.Count ? caseStudies : [.. latest.Values.Order().Select(i => caseStudies[i])];
    }

    /// <inheritdoc cref="Check(IReadOnlyList{StoredCaseStudy}, int)"/>
    public static void Check(StoredCaseStudy item, int dimension)
    {
        ArgumentNullException.ThrowIfNull(item);
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (passage, embedding, lexical) in item.Passages)
        {
            if (embedding.Length != dimension) throw Wrong(passage.Id, $"has {embedding.Length} dimensions; the store has {dimension}");
            if (!System.Numerics.Tensors.TensorPrimitives.IsFiniteAll(embedding.Span)) throw Wrong(passage.Id, "has an embedding with a value that is not a finite number");
            if (!ids.Add(passage.Id)) throw Wrong(passage.Id, "is given twice");
            if (passage.Slug != item.CaseStudy.Slug) throw Wrong(passage.Id, $"belongs to '{passage.Slug}', not to '{item.CaseStudy.Slug}'");
            if (lexical.Terms.Count != lexical.Weights.Count) throw Wrong(passage.Id, $"has {lexical.Terms.Count} terms and {lexical.Weights.Count} weights");
            for (var t = 0; t < lexical.Terms.Count; t++)
            {
                if (t > 0 && lexical.Terms[t] <= lexical.Terms[t - 1]) throw Wrong(passage.Id, "has lexical terms that do not ascend");
                if (!float.IsFinite(lexical.Weights[t])) throw Wrong(passage.Id, "has a lexical weight that is not a finite number");
            }
        }

        static ArgumentException Wrong(string id, string what) => new($"Passage {id} {what}. Nothing was written.", nameof(item));
    }
}
