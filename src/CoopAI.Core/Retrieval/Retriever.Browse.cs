namespace CoopAI.Core.Retrieval;

public sealed partial class Retriever
{
    /// <summary>Everything that passes the filter, by title, with facet counts: what a visitor sees before searching. Scores are 0.</summary>
    public async Task<SearchResult> BrowseAsync(SearchFilter filter, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var index = await corpus.CurrentAsync(ct);
        var resolved = Resolve(filter, index);
        var hits = index.CaseStudies.Select(c => c.CaseStudy).Where(resolved.Matches)
            .OrderBy(c => c.Title, StringComparer.OrdinalIgnoreCase).ThenBy(c => c.Slug, StringComparer.Ordinal)
            .Select(c => new SearchHit(c, 0, [])).ToList();
        return new SearchResult("", hits, [], index.Facets.Count([.. Enumerable.Range(0, index.CaseStudies.Count)], resolved), QuestionCoverage.None, 0);
    }
}
