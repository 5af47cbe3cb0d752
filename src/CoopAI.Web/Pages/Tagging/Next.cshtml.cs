using System.Security.Cryptography;
using System.Text;
using CoopAI.Core;
using CoopAI.Core.Corpus;
using CoopAI.Core.Principles;
using CoopAI.Core.Retrieval;
using CoopAI.Core.Tagging;
using CoopAI.Orchestration.Tagging;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.Mvc;

namespace CoopAI.Web.Pages.Tagging;

/// <summary><c>/tag/next</c>: one tag at a time beside its text; a decision leads to the next. The lists of tags send their decisions here too.</summary>
/// <remarks>What was put off is remembered by a cookie of this browser, which holds no more than short digests of tags.</remarks>
[IgnoreAntiforgeryToken]
[RequestTimeout(60_000)]
public sealed class NextModel(
    SearchCorpus stored, CorpusTags corpusTags, TagDesk tagDesk, ITagDecisions decisions, PrincipleNames names, IAntiforgery antiforgery, OnceOnly once, TimeProvider clock) : DecisionPageModel
{
    /// <summary>A day's portion.</summary>
    public const int Goal = 40;

    /// <summary>Case studies listed for a search.</summary>
    public const int Most = 20;

    private const string SkippedCookie = "coopai-later";
    private const int MostSkipped = 60;

    /// <summary>The principle whose card is open.</summary>
    [BindProperty(Name = "tag", SupportsGet = true)]
    public string? Tag { get; set; }

    /// <summary>Only tags of this principle.</summary>
    [BindProperty(Name = "principle", SupportsGet = true)]
    public string? Principle { get; set; }

    [BindProperty(Name = "show", SupportsGet = true)]
    public string? Show { get; set; }

    /// <summary>Words of a title, the last part of an address, or a whole address.</summary>
    [BindProperty(Name = "find", SupportsGet = true)]
    public string? Find { get; set; }

    /// <summary>The list that a decision returns to; null: the next card.</summary>
    [BindProperty(Name = "back")]
    public string? Back { get; set; }

    public CaseStudy? CaseStudy { get; private set; }

    public CaseTags? Tags { get; private set; }

    public SuggestedTag? Card { get; private set; }

    /// <summary>Sentences that show the principle; when none does, the nearest one.</summary>
    public IReadOnlyList<TagEvidence> Evidence { get; private set; } = [];

    public IReadOnlyList<TextPiece> Pieces { get; private set; } = [];

    /// <summary>Tags left in the choice.</summary>
    public int Left { get; private set; }

    public int Skipped { get; private set; }

    /// <summary>Decisions of this person since midnight in London.</summary>
    public int Today { get; private set; }

    public StaffDecision? Latest { get; private set; }

    public string? LatestTitle => Latest is null ? null : stored.Current.Find(Latest.Slug)?.CaseStudy.Title ?? Latest.Slug;

    /// <summary>Case studies that a search found; null: nothing was searched for.</summary>
    public IReadOnlyList<CaseStudy>? Found { get; private set; }

    public bool IsSecond => Show == TagWork.Second;

    public string Name(string id) => names[id];

    public Principle? Definition => Card is null ? null : names.Find(Card.Id);

    public async Task<IActionResult> OnGetAsync(CancellationToken ct)
    {
        By = NameNow(null);
        await stored.CurrentAsync(ct);
        Show = TagWork.Known(Show);
        if (Principle is not null && !PrincipleIds.Contains(Principle)) Principle = null;
        if (!string.IsNullOrWhiteSpace(Find))
        {
            Found = Search(Find);
            if (Found is [var only]) return Redirect(Address(only.Slug, null));
            if (Found.Count == 0) return Again("find", $"No case study fits “{Find.Trim()}”. Type words of its title, or paste its address.");
            return Page();
        }

        if (!string.IsNullOrWhiteSpace(Slug) && stored.Current.Find(Slug) is null) return Again("find", $"There is no case study “{Slug}”. Type words of its title, or paste its address.");
        await LoadAsync(ct);
        return Page();
    }

    public async Task<IActionResult> OnPostDecideAsync(CancellationToken ct)
    {
        await stored.CurrentAsync(ct);
        Show = TagWork.Known(Show);
        By = NameNow(By);
        var error = await antiforgery.IsRequestValidAsync(HttpContext) ? WrongWords() : new FormError("by", FormError.Stale);
        if (error is null)
        {
            RememberName();
            try
            {
                return Redirect(await once.RunAsync(Token, string.Join('\n', Slug, Tag, Decide, By, Reason), () => ActAsync(ct)));
            }
            catch (BadInputException e)
            {
                error = new("card", e.Message);
            }
        }

        await LoadAsync(ct);
        return Again(error.Field, error.Message);
    }

    /// <summary>This page with its filters, at one card.</summary>
    public string Address(string? slug, string? tag) => AddressOf(TagWork.Known(Show), Principle, slug, tag);

    public static string AddressOf(string show, string? principle, string? slug, string? tag)
    {
        (string Name, string? Value)[] all = [("show", show == TagWork.Doubt ? null : show), ("principle", principle), ("slug", slug), ("tag", tag)];
        var query = string.Join('&', all.Where(p => !string.IsNullOrEmpty(p.Value)).Select(p => $"{p.Name}={Uri.EscapeDataString(p.Value!)}"));
        return query.Length == 0 ? "/tag/next" : $"/tag/next?{query}";
    }

    private async Task<string> ActAsync(CancellationToken ct)
    {
        switch (Decide)
        {
            case "accepted" or "rejected":
                await tagDesk.RecordAsync(Slug ?? "", Tag ?? "", Decide == "rejected" ? StaffVerdict.Rejected : await IsSuggestedAsync(ct) ? StaffVerdict.Accepted : StaffVerdict.Added, By!, GivenReason, ct);
                break;
            case "undone":
                return tagDesk.TakeBackLatest(By!) is { } undone ? ReturnTo(Address(undone.Slug, undone.Principle)) : throw new BadInputException("You have decided on nothing yet, so there is nothing to undo.");
            case "taken-back":
                if (tagDesk.TakeBack(Slug ?? "", Tag ?? "", By!) is null) throw new BadInputException("No decision on this tag stands, so there is none to undo.");
                return ReturnTo(Address(Slug, Tag));
            case "later":
                Remember(Slug, Tag);
                break;
            case "again":
                Response.Cookies.Delete(SkippedCookie, new CookieOptions { Path = "/tag" });
                return Address(null, null);
            case null or "":
                return ReturnTo(Address(Slug, Tag));
            default:
                throw new BadInputException("Use one of the buttons on the card.");
        }

        if (Back is not null) return ReturnTo(Address(Slug, null));
        var (work, skipped) = (await WorkAsync(ct), SkippedNow());
        var open = work.Where(i => !(i.CaseStudy.Slug == Slug && i.Tag.Id == Tag) && !skipped.Contains(Digest(i.CaseStudy.Slug, i.Tag.Id))).ToList();
        return (open.FirstOrDefault(i => i.CaseStudy.Slug == Slug) ?? open.FirstOrDefault()) is { } next ? Address(next.CaseStudy.Slug, next.Tag.Id) : Address(null, null);
    }

    /// <summary>A list of this part of the service, or else the given address: a form must not lead elsewhere.</summary>
    private string ReturnTo(string otherwise) => Back is not null && Back.StartsWith("/tag/", StringComparison.Ordinal) && !Back.Contains('\\', StringComparison.Ordinal) && !Back.Any(char.IsControl) ? Back : otherwise;

    private async Task<bool> IsSuggestedAsync(CancellationToken ct) =>
        (await corpusTags.GetListedAsync(Slug ?? "", ct))?.Tags.Suggested.Tags.FirstOrDefault(t => t.Id == Tag)?.Decision is not (null or TagDecision.No);

    private async Task<IReadOnlyList<WorkItem>> WorkAsync(CancellationToken ct) => TagWork.Of(
        await corpusTags.GetCorpusTagsAsync(ct), Show == TagWork.Wrong ? await corpusTags.GetAuditAsync(ct) : [],
        Show is TagWork.Differ or TagWork.Second ? decisions.GetByPerson() : [], TagWork.Known(Show), Principle, By ?? "");

    private async Task LoadAsync(CancellationToken ct)
    {
        if (string.IsNullOrWhiteSpace(By)) return;
        var (work, skipped) = (await WorkAsync(ct), SkippedNow());
        var open = work.Where(i => !skipped.Contains(Digest(i.CaseStudy.Slug, i.Tag.Id))).ToList();
        (Left, Skipped) = (open.Count, work.Count - open.Count);
        Today = decisions.Count(By, Midnight());
        Latest = decisions.GetLatest(By);
        var slug = string.IsNullOrWhiteSpace(Slug) ? open.FirstOrDefault()?.CaseStudy.Slug : Slug.Trim();
        if (slug is null || await corpusTags.GetListedAsync(slug, ct) is not { } listed) return;
        Tags = listed.Tags;
        CaseStudy = stored.Current.Find(slug)?.CaseStudy;
        if (CaseStudy is null) return;
        var all = listed.Tags.Suggested.Tags;
        Card = all.FirstOrDefault(t => t.Id == Tag) ?? open.FirstOrDefault(i => i.CaseStudy.Slug == slug)?.Tag
            ?? all.Where(t => listed.Tags.IsDecided(t.Id) is null).MaxBy(t => t.Probability) ?? all[0];
        Evidence = Card.Evidence.Count > 0 ? Card.Evidence : listed.Nearest.TryGetValue(Card.Id, out var nearest) ? [nearest] : [];
        Pieces = TagModel.Cut(CaseStudy.Text, new TagSuggestion([Card with { Evidence = Evidence }], null, ""));
    }

    private List<CaseStudy> Search(string find)
    {
        var all = stored.Current.CaseStudies.Select(c => c.CaseStudy).ToList();
        var last = find.Trim().Split('?', '#')[0].TrimEnd('/').Split('/')[^1];
        if (all.Find(c => c.Slug.Equals(last, StringComparison.OrdinalIgnoreCase) || (c.Url is not null && c.Url.Equals(find.Trim(), StringComparison.OrdinalIgnoreCase))) is { } exact) return [exact];
        var words = find.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return [.. all.Where(c => words.All(w => c.Title.Contains(w, StringComparison.OrdinalIgnoreCase) || c.LeadMember?.Contains(w, StringComparison.OrdinalIgnoreCase) == true))
            .OrderBy(c => c.Title, StringComparer.OrdinalIgnoreCase).Take(Most)];
    }

    private DateTimeOffset Midnight()
    {
        var london = TimeZoneInfo.FindSystemTimeZoneById("Europe/London");
        var now = TimeZoneInfo.ConvertTime(clock.GetUtcNow(), london);
        return new DateTimeOffset(now.Date, london.GetUtcOffset(now.Date));
    }

    private HashSet<string> SkippedNow() => [.. (_skipped ?? Request.Cookies[SkippedCookie] ?? "").Split('.', StringSplitOptions.RemoveEmptyEntries).TakeLast(MostSkipped)];

    private string? _skipped;

    private void Remember(string? slug, string? tag)
    {
        _skipped = string.Join('.', SkippedNow().Append(Digest(slug ?? "", tag ?? "")).TakeLast(MostSkipped));
        Response.Cookies.Append(SkippedCookie, _skipped, new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = Request.IsHttps, Path = "/tag", IsEssential = true });
    }

    private static string Digest(string slug, string principle) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{slug}\n{principle}")))[..8];
}
