using CoopAI.Core.Corpus;
using CoopAI.Core.Ranking;

namespace CoopAI.Core.Retrieval;

/// <summary>The corpus that searches see: holds the current <see cref="CorpusIndex"/> and swaps in the next one.</summary>
/// <remarks>Safe for concurrent use: a search keeps the index that it began with.</remarks>
public sealed class SearchCorpus
{
    private readonly Lock _changing = new();
    private volatile CorpusIndex _current = CorpusIndex.Empty;

    /// <summary>Takes over what others have changed; null: nobody changes the corpus but who holds it.</summary>
    public Func<CancellationToken, Task>? Renew { get; init; }

    /// <summary>As it was taken over last.</summary>
    public CorpusIndex Current => _current;

    /// <summary>With everything that this or another process has stored.</summary>
    public async Task<CorpusIndex> CurrentAsync(CancellationToken ct = default)
    {
        if (Renew is { } renew) await renew(ct);
        return _current;
    }

    /// <summary>Replaces everything.</summary>
    public void Replace(IEnumerable<IndexedCaseStudy> caseStudies)
    {
        lock (_changing) _current = CorpusIndex.Build(caseStudies, _current);
    }

    /// <summary>Adds or replaces some case studies and removes others; unknown slugs are no error.</summary>
    public void Change(IReadOnlyCollection<IndexedCaseStudy> upserted, IReadOnlyCollection<string>? removed = null)
    {
        ArgumentNullException.ThrowIfNull(upserted);
        lock (_changing)
        {
            var next = _current.CaseStudies.ToDictionary(c => c.CaseStudy.Slug, StringComparer.Ordinal);
            foreach (var slug in removed ?? []) next.Remove(slug);
            foreach (var caseStudy in upserted) next[caseStudy.CaseStudy.Slug] = caseStudy;
            _current = CorpusIndex.Build(next.Values, _current);
        }
    }
}
