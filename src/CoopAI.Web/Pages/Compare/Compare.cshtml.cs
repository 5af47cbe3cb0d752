using CoopAI.Core.Briefs;
using CoopAI.Core.Cards;
using CoopAI.Core.Corpus;
using CoopAI.Core.Language;
using CoopAI.Core.Principles;
using CoopAI.Core.Retrieval;
using CoopAI.Core.Tagging;
using CoopAI.Web.Documents;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CoopAI.Web.Pages.Compare;

/// <summary><c>/compare?slug=…&amp;slug=…</c>: two to four case studies side by side.</summary>
public sealed class CompareModel(SearchCorpus corpus, ITagBook tags, PrincipleNames principles, TimeProvider clock) : FormPageModel
{
    public const int Fewest = 2;
    public const int Most = 4;

    [BindProperty(Name = "slug", SupportsGet = true)]
    public string[] Slugs { get; set; } = [];

    public IReadOnlyList<CaseStudy> CaseStudies { get; private set; } = [];

    /// <summary>A heading with one text, or several, for each case study.</summary>
    public IReadOnlyList<(string Heading, IReadOnlyList<IReadOnlyList<string>> Cells)> Rows { get; private set; } = [];

    /// <summary>Headings under which none of these case studies states anything.</summary>
    public IReadOnlyList<string> NobodyStates { get; private set; } = [];

    public bool IsShortlist { get; private set; }

    /// <summary>The comparison as a Word file; what cannot be compared is explained on the page.</summary>
    public async Task<IActionResult> OnGetWordAsync(CancellationToken ct)
    {
        await OnGetAsync(ct);
        if (Rows.Count == 0) return Page();
        var columns = CaseStudies.Select(c => new ComparisonDocument.Column(c.Title, c.Url, Core.Briefs.Precedent.InWords(c.TextBasis))).ToList();
        return File(ComparisonDocument.Write(columns, Rows, NobodyStates, clock.GetUtcNow()), BriefDocument.ContentType, "comparison-of-precedents.docx");
    }

    /// <summary>Adds to the shortlist, takes away from it, or empties it, and goes back to where the button was.</summary>
    public async Task<IActionResult> OnPostShortlistAsync(string? add, string? remove, string? empty, string? back, CancellationToken ct)
    {
        var stored = await corpus.CurrentAsync(ct);
        var kept = Shortlist.Of(Request).Where(s => stored.Find(s) is not null && s != remove).ToList();
        if (!string.IsNullOrEmpty(empty)) kept.Clear();
        if (!string.IsNullOrEmpty(add) && stored.Find(add) is not null && !kept.Contains(add, StringComparer.Ordinal))
        {
            // A full list drops the one that was added first.
            if (kept.Count == Shortlist.Most) kept.RemoveAt(0);
            kept.Add(add);
        }

        Shortlist.Keep(HttpContext, kept);
        return Url.IsLocalUrl(back) ? LocalRedirect(back) : Redirect("/case-studies");
    }

    public async Task OnGetAsync(CancellationToken ct)
    {
        var stored = await corpus.CurrentAsync(ct);
        if (Slugs.Length == 0)
        {
            Slugs = [.. Shortlist.Of(Request).Where(s => stored.Find(s) is not null)];
            IsShortlist = Slugs.Length > 0;
        }

        var wanted = Slugs.Where(s => !string.IsNullOrWhiteSpace(s)).Distinct(StringComparer.Ordinal).ToList();
        var errors = wanted.Where(s => stored.Find(s) is null).Select(s => new FormError("chosen", $"There is no case study named “{s}”. It may have been removed.")).ToList();
        CaseStudies = [.. wanted.Select(s => stored.Find(s)?.CaseStudy).OfType<CaseStudy>()];
        if (CaseStudies.Count > Most)
            errors.Add(new("chosen", $"You chose {CaseStudies.Count} case studies. At most {Most} fit side by side: take some away."));
        else if (CaseStudies.Count < Fewest && (wanted.Count > 0 || errors.Count > 0))
            errors.Add(new("chosen", "Choose two to four case studies to compare."));
        Errors = errors;
        if (errors.Count > 0) Response.StatusCode = StatusCodes.Status400BadRequest;
        if (CaseStudies.Count is < Fewest or > Most) return;
        var rows = RowsOf().ToLookup(r => r.Cells.All(c => c is ["Not stated"] or ["None stated"] or ["None"]));
        (Rows, NobodyStates) = ([.. rows[false]], [.. rows[true].Select(r => r.Heading)]);
    }

    /// <summary>This comparison by name of its case studies.</summary>
    public string Address(string more) => "/compare?" + string.Join('&', CaseStudies.Select(c => $"slug={Uri.EscapeDataString(c.Slug)}")) + more;

    /// <summary>The council of a column, or its title where no council is stated or two have the same: enough to tell columns apart on a phone.</summary>
    public string Short(int column)
    {
        var council = CaseStudies[column].LeadMember;
        return council is null || CaseStudies.Count(c => c.LeadMember == council) > 1 ? CaseStudies[column].Title : council;
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
        yield return Row("Principles", c => Standing(given[c.Slug]));
        yield return Row("Topics", c => c.Topics.Count > 0 ? [string.Join(", ", c.Topics)] : ["Not stated"]);

        (string, IReadOnlyList<IReadOnlyList<string>>) Row(string heading, Func<CaseStudy, IReadOnlyList<string>> cell) => (heading, [.. CaseStudies.Select(cell)]);

        IReadOnlyList<string> Standing(PrincipleTags t) =>
            [.. PrincipleIds.All.Select(id => (Id: id, Kind: t.Decided.Contains(id, StringComparer.Ordinal) ? "confirmed" : t.Rejected.Contains(id, StringComparer.Ordinal) ? null
                    : t.Published?.Contains(id, StringComparer.Ordinal) == true ? "published" : t.Suggested.Contains(id, StringComparer.Ordinal) ? "suggested" : null))
                .Where(p => p.Kind is not null).Select(p => $"{principles[p.Id]} ({p.Kind})").DefaultIfEmpty("None")];
    }

    /// <summary>The first two sentences: what a case study says it is about.</summary>
    private static string Opening(string text) =>
        Sentences.Split(text).Take(2).ToList() is [var first, .. var rest] ? text[first.Start..(rest.Count > 0 ? rest[^1].End : first.End)] : text;
}
