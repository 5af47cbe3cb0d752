using CoopAI.Core.Corpus;
using CoopAI.Core.Principles;
using CoopAI.Core.Ranking;
using CoopAI.Core.Tagging;
using CoopAI.Orchestration.Ingesting;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CoopAI.Web.Pages.CaseStudies;

/// <summary><c>/case-studies/latest</c>: what is new, narrowed by principle, topic and council; the same as a feed at <c>/case-studies/latest.atom</c>.</summary>
public sealed class LatestModel(ICaseStudyHistory history, CorpusService corpus, ITagBook tags) : PageModel
{
    [BindProperty(Name = "principle", SupportsGet = true)]
    public string? Principle { get; set; }

    [BindProperty(Name = "topic", SupportsGet = true)]
    public string? Topic { get; set; }

    [BindProperty(Name = "council", SupportsGet = true)]
    public string? Council { get; set; }

    public IReadOnlyList<CaseStudyVersion> Versions { get; private set; } = [];

    public IReadOnlyList<string> Topics { get; private set; } = [];

    public IReadOnlyList<string> Councils { get; private set; } = [];

    public string Query => QueryString.Create(new Dictionary<string, string?> { ["principle"] = Principle, ["topic"] = Topic, ["council"] = Council }.Where(p => !string.IsNullOrEmpty(p.Value))).ToString();

    public async Task OnGetAsync(CancellationToken ct)
    {
        var index = await corpus.RefreshAsync(ct);
        Topics = [.. index.CaseStudies.SelectMany(c => c.CaseStudy.Topics).Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.OrdinalIgnoreCase)];
        Councils = [.. index.CaseStudies.SelectMany(c => c.CaseStudy.Councils).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        Versions = Find(history, index, tags, Principle, Topic, Council);
    }

    /// <summary>The newest 100 that fit, newest first. What shipped with the service is not new.</summary>
    internal static IReadOnlyList<CaseStudyVersion> Find(ICaseStudyHistory history, CorpusIndex index, ITagBook tags, string? principle, string? topic, string? council)
    {
        var newest = history.PublishedSince(DateTimeOffset.MinValue, 2000).Where(v => index.Find(v.Slug) is not null)
            .Where(v => string.IsNullOrEmpty(topic) || v.CaseStudy.Topics.Contains(topic, StringComparer.OrdinalIgnoreCase))
            .Where(v => string.IsNullOrEmpty(council) || v.CaseStudy.Councils.Any(c => CouncilTable.Default.Names(council, c)));
        if (PrincipleIds.Contains(principle ?? ""))
        {
            var list = newest.ToList();
            var tagsOf = tags.TagsOf([.. list.Select(v => v.CaseStudy)]);
            newest = list.Where(v => (v.CaseStudy.Principles ?? []).Contains(principle!) || tagsOf[v.Slug].Decided.Contains(principle!));
        }

        return [.. newest.Take(100)];
    }
}
