using CoopAI.Core.Briefs;
using CoopAI.Core.Cards;
using CoopAI.Core.Corpus;
using CoopAI.Core.Language;
using CoopAI.Core.Tagging;
using CoopAI.Orchestration.Ingesting;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CoopAI.Web.Pages.Compare;

/// <summary><c>/compare?slug=…&amp;slug=…</c>: two to four case studies side by side.</summary>
public sealed class CompareModel(CorpusService corpus, ITagBook tags, PrincipleNames principles) : FormPageModel
{
    public const int Fewest = 2;
    public const int Most = 4;

    [BindProperty(Name = "slug", SupportsGet = true)]
    public string[] Slugs { get; set; } = [];

    public IReadOnlyList<CaseStudy> CaseStudies { get; private set; } = [];

    /// <summary>A heading with one text, or several, for each case study.</summary>
    public IReadOnlyList<(string Heading, IReadOnlyList<IReadOnlyList<string>> Cells)> Rows { get; private set; } = [];

    public async Task OnGetAsync(CancellationToken ct)
    {
        var stored = await corpus.RefreshAsync(ct);
        var wanted = Slugs.Where(s => !string.IsNullOrWhiteSpace(s)).Distinct(StringComparer.Ordinal).ToList();
        var errors = wanted.Where(s => stored.Find(s) is null).Select(s => new FormError("chosen", $"There is no case study named “{s}”. It may have been removed.")).ToList();
        CaseStudies = [.. wanted.Select(s => stored.Find(s)?.CaseStudy).OfType<CaseStudy>()];
        if (CaseStudies.Count > Most)
            errors.Add(new("chosen", $"You chose {CaseStudies.Count} case studies. At most {Most} fit side by side: take some away."));
        else if (CaseStudies.Count < Fewest && (wanted.Count > 0 || errors.Count > 0))
            errors.Add(new("chosen", "Choose two to four case studies to compare."));
        Errors = errors;
        if (errors.Count > 0) Response.StatusCode = StatusCodes.Status400BadRequest;
        if (CaseStudies.Count is >= Fewest and <= Most) Rows = [.. RowsOf()];
    }

    /// <summary>This comparison without one of its case studies.</summary>
    public string Without(string slug) => "/compare?" + string.Join('&', CaseStudies.Where(c => c.Slug != slug).Select(c => $"slug={Uri.EscapeDataString(c.Slug)}"));

    private IEnumerable<(string Heading, IReadOnlyList<IReadOnlyList<string>> Cells)> RowsOf()
    {
        var cards = CaseStudies.ToDictionary(c => c.Slug, EvidenceCards.Of, StringComparer.Ordinal);
        var given = tags.TagsOf(CaseStudies);
        yield return Row("Lead council", c => [c.LeadMember ?? "Not stated"]);
        yield return Row("With whom", c => c.ParticipatingMembers.Count > 0 ? c.ParticipatingMembers : ["Not stated"]);
        yield return Row("When", c => [cards[c.Slug].Period.ToString()]);
        yield return Row("What was done", c => [Opening(c.Text)]);
        foreach (var heading in new[] { "Note", "What came of it", "Planned or hoped for", "Cost or funding", "Lesson", "Figures", "Partners named" })
            if (cards.Values.Any(c => c.Facts().Any(f => f.Heading == heading)))
                yield return Row(heading, c => cards[c.Slug].Facts().FirstOrDefault(f => f.Heading == heading).Lines ?? ["Not stated"]);
        yield return Row("Principles on the page", c => c.Principles is null ? ["Not known"] : c.Principles.Count == 0 ? ["None"] : [.. c.Principles.Select(p => principles[p])]);
        if (given.Values.Any(t => t.Decided.Count > 0))
            yield return Row("Principles decided by staff", c => Names(given[c.Slug].Decided));
        if (given.Values.Any(t => t.Suggested.Count > 0))
            yield return Row("Principles suggested, not confirmed", c => Names(given[c.Slug].Suggested));
        yield return Row("Topics", c => c.Topics.Count > 0 ? [string.Join(", ", c.Topics)] : ["Not stated"]);

        (string, IReadOnlyList<IReadOnlyList<string>>) Row(string heading, Func<CaseStudy, IReadOnlyList<string>> cell) => (heading, [.. CaseStudies.Select(cell)]);

        IReadOnlyList<string> Names(IReadOnlyList<string> ids) => ids.Count == 0 ? ["None"] : [.. ids.Select(p => principles[p])];
    }

    /// <summary>The first two sentences: what a case study says it is about.</summary>
    private static string Opening(string text) =>
        Sentences.Split(text).Take(2).ToList() is [var first, .. var rest] ? text[first.Start..(rest.Count > 0 ? rest[^1].End : first.End)] : text;
}
