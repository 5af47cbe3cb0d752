using CoopAI.Core.Briefs;
using CoopAI.Core.Cards;
using CoopAI.Core.Corpus;
using CoopAI.Core.Language;
using CoopAI.Core.Retrieval;
using CoopAI.Core.Tagging;
using CoopAI.Web.Security;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CoopAI.Web.Pages.CaseStudies;

/// <summary><c>/case-studies/{slug}</c>: one case study; with <c>?from=&amp;to=</c> one stretch of its text is marked, <c>#quote</c> leads there.</summary>
public sealed class CaseStudyModel(SearchCorpus corpus, Retriever retriever, ITagBook tags, ICaseStudyHistory history) : PageModel
{
    public const int SimilarShown = 5;

    public CaseStudy CaseStudy { get; private set; } = null!;

    /// <summary>The version that says why it was withdrawn; null: it is there.</summary>
    public CaseStudyVersion? Withdrawn { get; private set; }

    /// <summary>People named as contacts; empty for all but staff.</summary>
    public IReadOnlyList<string> Contacts { get; private set; } = [];

    public PrincipleTags Tags { get; private set; } = null!;

    public EvidenceCard Card { get; private set; } = null!;

    public IReadOnlyList<SearchHit> Similar { get; private set; } = [];

    /// <summary>Slugs kept for comparing.</summary>
    public IReadOnlyList<string> Shortlist { get; private set; } = [];

    /// <summary>The text in paragraphs, each cut where the mark begins and ends.</summary>
    public IReadOnlyList<IReadOnlyList<Piece>> Paragraphs { get; private set; } = [];

    public bool HasMark => Paragraphs.Any(p => p.Any(s => s.Marked));

    /// <summary>The page it was read from, when that is an address of the web.</summary>
    public string? SourceAddress => Uri.TryCreate(CaseStudy.Url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" ? CaseStudy.Url : null;

    /// <param name="First">Of all marked pieces: it carries the anchor.</param>
    public sealed record Piece(string Text, bool Marked, bool First);

    /// <param name="from">UTF-16 offset in the text, inclusive; a stretch outside the text marks nothing.</param>
    /// <param name="to">Exclusive.</param>
    public async Task<IActionResult> OnGetAsync(string slug, int? from, int? to, CancellationToken ct)
    {
        if ((await corpus.CurrentAsync(ct)).Find(slug)?.CaseStudy is not { } found)
        {
            // The story of another is found there.
            if (history.Twins().TryGetValue(slug, out var twin)) return Redirect($"/case-studies/{Uri.EscapeDataString(twin)}");
            if (history.Latest(slug) is not { State: CaseStudyState.Withdrawn } gone) return NotFound();
            Withdrawn = gone;
            Response.StatusCode = StatusCodes.Status410Gone;
            return Page();
        }

        CaseStudy = found;
        if (Policies.May(User, Policies.Tagging)) Contacts = history.Latest(slug)?.Contacts ?? [];
        Shortlist = Pages.Compare.Shortlist.Of(Request);
        Tags = tags.TagsOf([found])[found.Slug];
        Card = EvidenceCards.Of(found);
        Similar = retriever.Similar(slug, SimilarShown);
        Paragraphs = Cut(found.Text, from is { } a && to is { } b && a >= 0 && a < b && b <= found.Text.Length ? new TextSpan(a, b) : null);
        return Page();
    }

    /// <summary>Cuts a text at its line breaks and at both ends of the mark. Joined again with the breaks it is the text.</summary>
    internal static IReadOnlyList<IReadOnlyList<Piece>> Cut(string text, TextSpan? mark)
    {
        var paragraphs = new List<IReadOnlyList<Piece>>();
        var first = true;
        for (var start = 0; start < text.Length;)
        {
            var end = text.IndexOf('\n', start) is >= 0 and var at ? at : text.Length;
            var pieces = new List<Piece>();
            int[] cuts = mark is { } m ? [start, Math.Clamp(m.Start, start, end), Math.Clamp(m.End, start, end), end] : [start, end];
            for (var i = 0; i + 1 < cuts.Length; i++)
            {
                if (cuts[i] == cuts[i + 1]) continue;
                var marked = mark is { } span && cuts[i] >= span.Start && cuts[i + 1] <= span.End;
                pieces.Add(new Piece(text[cuts[i]..cuts[i + 1]], marked, marked && first));
                first &= !marked;
            }

            if (pieces.Any(p => !string.IsNullOrWhiteSpace(p.Text))) paragraphs.Add(pieces);
            start = end + 1;
        }

        return paragraphs;
    }
}
