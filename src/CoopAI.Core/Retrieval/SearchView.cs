using CoopAI.Core.Briefs;
using CoopAI.Core.Tagging;

namespace CoopAI.Core.Retrieval;

/// <summary>A search as both doors show it.</summary>
public sealed record SearchView(string Query, IReadOnlyList<SearchView.Hit> Hits, IReadOnlyList<SearchView.NearMiss> NearMisses, SearchFacets Facets)
{
    /// <summary>The passage store that answered, as <see cref="StoreUse"/> writes it; null: nothing was searched for.</summary>
    public string? Store { get; init; }

    /// <param name="Score">In [0, 1], comparable between questions.</param>
    /// <param name="Principles">As published; null: not known. The same as in <paramref name="Tags"/>.</param>
    /// <param name="Tags">Published, suggested and decided principles, each kind for itself.</param>
    public sealed record Hit(
        string Slug, string Title, string? Url, string? Kind, string? LeadMember, int? Year, double Score,
        IReadOnlyList<string>? Principles, PrincipleTags Tags, IReadOnlyList<string> Topics, IReadOnlyList<PassageView> Passages);

    /// <param name="BestSentence">The sentence that fits best, verbatim; null: the passage has none.</param>
    public sealed record PassageView(string Id, string Text, double Score, string? BestSentence);

    public sealed record NearMiss(string Slug, string Title, string? LeadMember, int? Year, double Score);

    public static SearchView Of(SearchResult result, ITagBook tags)
    {
        ArgumentNullException.ThrowIfNull(result);
        return new SearchView(result.Query, HitsOf(result.Hits, tags), [.. result.NearMisses.Select(OfNearMiss)], result.Facets) { Store = result.Store?.ToString() };
    }

    public static IReadOnlyList<Hit> HitsOf(IReadOnlyList<SearchHit> hits, ITagBook tags)
    {
        ArgumentNullException.ThrowIfNull(hits);
        ArgumentNullException.ThrowIfNull(tags);
        var tagsOf = tags.TagsOf([.. hits.Select(h => h.CaseStudy)]);
        return [.. hits.Select(hit =>
        {
            var c = hit.CaseStudy;
            return new Hit(
                c.Slug, c.Title, c.Url, c.Kind, c.LeadMember, c.Year, Math.Round(hit.Score, 6), c.Principles, tagsOf[c.Slug], c.Topics,
                [.. hit.Passages.Select(p => new PassageView(p.Passage.Id, p.Passage.Text, Math.Round(p.Score, 6), p.BestSentence?.In(c.Text)))]);
        })];
    }

    public static NearMiss OfNearMiss(SearchHit hit)
    {
        ArgumentNullException.ThrowIfNull(hit);
        return new NearMiss(hit.CaseStudy.Slug, hit.CaseStudy.Title, hit.CaseStudy.LeadMember, hit.CaseStudy.Year, Math.Round(hit.Score, 6));
    }
}
