using CoopAI.Core.Principles;

namespace CoopAI.Core.Tagging;

/// <summary>How many precedents there are.</summary>
/// <param name="Precedents">Case studies that staff decided on, else that the page publishes, or that the tagger suggests with confidence.</param>
public sealed record CoverageCount(int Precedents, int Published, int Suggested, int Decided);

/// <param name="Years">By year; undated ones are under null in <see cref="Undated"/>.</param>
/// <param name="Topics">By topic, for topics of at least <see cref="PrincipleCoverage.CommonTopic"/> case studies.</param>
public sealed record PrincipleCount(string Id, CoverageCount Total, IReadOnlyDictionary<int, CoverageCount> Years, CoverageCount Undated, IReadOnlyDictionary<string, CoverageCount> Topics);

/// <summary>A place where the corpus is thin.</summary>
/// <param name="Of">Case studies with the topic.</param>
public sealed record CoverageGap(string Principle, string Topic, int Precedents, int Of);

/// <summary>Precedents per principle, topic and year, and where there are few.</summary>
public sealed record PrincipleCoverage(int CaseStudies, int Undated, IReadOnlyList<PrincipleCount> Principles, IReadOnlyList<CoverageGap> Gaps)
{
    /// <summary>Topics with fewer case studies say nothing about a gap.</summary>
    public const int CommonTopic = 5;

    /// <summary>At most this many precedents make a gap.</summary>
    public const int Thin = 1;

    public static PrincipleCoverage Of(IReadOnlyList<CaseTags> corpus, IReadOnlyList<string> ids)
    {
        ArgumentNullException.ThrowIfNull(corpus);
        ArgumentNullException.ThrowIfNull(ids);
        var topics = corpus.SelectMany(c => c.Topics.Distinct(StringComparer.Ordinal)).CountBy(t => t, StringComparer.Ordinal)
            .Where(t => t.Value >= CommonTopic).OrderByDescending(t => t.Value).ThenBy(t => t.Key, StringComparer.Ordinal).ToList();
        var years = corpus.Select(c => c.Year).OfType<int>().Distinct().Order().ToList();
        var principles = ids.Select(id => new PrincipleCount(
            id, Count(corpus, id),
            new SortedDictionary<int, CoverageCount>(years.ToDictionary(y => y, y => Count(corpus.Where(c => c.Year == y), id))),
            Count(corpus.Where(c => c.Year is null), id),
            topics.ToDictionary(t => t.Key, t => Count(corpus.Where(c => c.Topics.Contains(t.Key, StringComparer.Ordinal)), id), StringComparer.Ordinal))).ToList();
        var gaps = principles.SelectMany(p => topics.Select(t => new CoverageGap(p.Id, t.Key, p.Topics[t.Key].Precedents, t.Value)))
            .Where(g => g.Precedents <= Thin).OrderBy(g => g.Precedents).ThenByDescending(g => g.Of).ToList();
        return new(corpus.Count, corpus.Count(c => c.Year is null), principles, gaps);
    }

    private static CoverageCount Count(IEnumerable<CaseTags> corpus, string id)
    {
        int precedents = 0, published = 0, suggested = 0, decided = 0;
        foreach (var c in corpus)
        {
            var isPublished = c.IsPublished(id) is true;
            var isSuggested = c.Suggested.Tags.First(t => t.Id == id).Decision is TagDecision.Yes;
            published += isPublished ? 1 : 0;
            suggested += isSuggested ? 1 : 0;
            decided += c.IsDecided(id) is true ? 1 : 0;
            precedents += c.IsDecided(id) ?? (isPublished || isSuggested) ? 1 : 0;
        }

        return new(precedents, published, suggested, decided);
    }
}
