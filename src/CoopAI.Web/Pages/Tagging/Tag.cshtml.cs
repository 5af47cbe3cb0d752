using System.Globalization;
using System.Text;
using CoopAI.Core;
using CoopAI.Core.Corpus;
using CoopAI.Core.Principles;
using CoopAI.Core.Retrieval;
using CoopAI.Core.Tagging;
using CoopAI.Orchestration.Tagging;
using CoopAI.Web.Hosting;
using CoopAI.Web.Security;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.Mvc;

namespace CoopAI.Web.Pages.Tagging;

/// <summary>A stretch of the tagged text.</summary>
/// <param name="Anchor">Id of the stretch when it is evidence; null: plain text.</param>
public sealed record TextPiece(string Text, string? Anchor);

/// <summary><c>/tag</c>: suggests principles for a pasted or uploaded text; with <c>?slug=</c> for a stored case study, whose tags staff accept, reject, add and undo.</summary>
/// <remarks>A text that is only pasted is shown at once and kept nowhere, so there is nothing to redirect to.</remarks>
[IgnoreAntiforgeryToken]
[RequestTimeout(60_000)]
public sealed class TagModel(SearchCorpus stored, TrainedTagger trained, CorpusTags corpusTags, TagDesk tagDesk, PrincipleNames names, IAntiforgery antiforgery, OnceOnly once, CoopAI.Adapters.Reading.CaseStudyImporter importer) : DecisionPageModel
{
    /// <summary>Longest text, in characters.</summary>
    public const int MaxText = 200_000;

    [BindProperty(Name = "title")]
    public string? Title { get; set; }

    [BindProperty(Name = "text")]
    public string? Text { get; set; }

    [BindProperty(Name = "file")]
    public IFormFile? Upload { get; set; }

    public TagSuggestion? Suggestion { get; private set; }

    /// <summary>Of a stored case study; null: a text that is not stored.</summary>
    public CaseTags? Tags { get; private set; }

    public CaseStudy? CaseStudy { get; private set; }

    /// <summary>The text that was weighed, cut where evidence begins and ends.</summary>
    public IReadOnlyList<TextPiece> Pieces { get; private set; } = [];

    public string Name(string id) => names[id];

    public static string Anchor(TagEvidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        return string.Create(CultureInfo.InvariantCulture, $"at-{evidence.Start}");
    }

    public static string Percent(double probability) => string.Create(CultureInfo.InvariantCulture, $"{100 * probability:0}%");

    /// <summary>The title of a neighbour, or its slug when it is not stored.</summary>
    public string TitleOf(string slug) => stored.Current.Find(slug)?.CaseStudy.Title ?? slug;

    public bool IsStored(string slug) => stored.Current.Find(slug) is not null;

    public async Task<IActionResult> OnGetAsync(CancellationToken ct)
    {
        By = NameNow(null);
        if (string.IsNullOrWhiteSpace(Slug)) return Page();
        return await LoadStoredAsync(ct) ? Page() : Again("slug-field", $"There is no case study \"{Slug}\". Find it with a search and copy the last part of its address.");
    }

    /// <summary>Weighs a pasted or uploaded text.</summary>
    public async Task<IActionResult> OnPostAsync(CancellationToken ct)
    {
        // Reading a larger form fails, so this comes first.
        if (Request.ContentLength > CoopWeb.MaxBodyBytes) return Again("file", "The file is too large: up to 1 MB is read. Paste the text itself instead.");
        if (!await antiforgery.IsRequestValidAsync(HttpContext)) return Again("text", FormError.Stale);
        if (Upload is { Length: > 0 })
        {
            var (read, wrong) = await ReadAsync(Upload, importer, ct);
            if (wrong is not null) return Again("file", wrong);
            Text = read;
            if (string.IsNullOrWhiteSpace(Title)) Title = Masked(Path.GetFileNameWithoutExtension(Upload.FileName));
        }

        if (string.IsNullOrWhiteSpace(Text)) return Again("text", "Paste the text of a case study, or choose a file.");
        if (Text.Length > MaxText) return Again("text", $"The text has {Text.Length} characters; at most {MaxText} are read. Shorten it.");
        if (Title?.Length > CaseStudyReader.MaxTitleLength) return Again("title", $"The title has {Title.Length} characters; at most {CaseStudyReader.MaxTitleLength} are allowed.");
        // The page shows the text with its evidence; personal data in it is no evidence of anything.
        Text = Masked(Text);
        try
        {
            Suggestion = await trained.SuggestAsync(new TaggableText(null, Title?.Trim() ?? "", Text), ct);
            Pieces = Cut(Text, Suggestion);
            return Page();
        }
        catch (BadInputException e)
        {
            return Again("text", e.Message);
        }
    }

    /// <summary>Records what staff decided on one tag of a stored case study.</summary>
    public async Task<IActionResult> OnPostDecideAsync(CancellationToken ct)
    {
        if (string.IsNullOrWhiteSpace(Slug) || stored.Current.Find(Slug) is null) return NotFound();
        // What was typed, and not what is remembered: an empty field is a name taken out.
        By = Roles.NameOf(User, By ?? "").Trim();
        // Decision and principle with a bar between, such as accepted|innovation.
        var parts = (Decide ?? "").Split('|', 2);
        var error = await antiforgery.IsRequestValidAsync(HttpContext) ? WrongWords() : new FormError("by", FormError.Stale);
        if (error is null)
        {
            RememberName();
            if (parts.Length < 2) return Redirect($"/tag?slug={Uri.EscapeDataString(Slug)}");
            try
            {
                await once.RunAsync(Token, string.Join('\n', Slug, Decide, By, Reason), async () =>
                {
                    await DecideAsync(Slug, parts[1], parts[0], By, GivenReason, ct);
                    return "";
                });
                return Redirect($"/tag?slug={Uri.EscapeDataString(Slug)}#{(PrincipleIds.Contains(parts[1]) ? parts[1] : "")}");
            }
            catch (BadInputException e)
            {
                error = new("by", e.Message);
            }
        }

        await LoadStoredAsync(ct);
        return Again(error.Field, error.Message);
    }

    // Word and PDF are read as everywhere else; what is plain text is read here, with its own words for what is none.
    private static async Task<(string? Text, string? Wrong)> ReadAsync(IFormFile file, CoopAI.Adapters.Reading.CaseStudyImporter importer, CancellationToken ct)
    {
        if (Path.GetExtension(file.FileName).ToLowerInvariant() is not (".docx" or ".pdf")) return await ReadAsync(file, ct);
        using var memory = new MemoryStream();
        await file.CopyToAsync(memory, ct);
        try
        {
            return (importer.ReadTextOf(memory.ToArray(), Path.GetFileName(file.FileName)).Text, null);
        }
        catch (BadInputException e)
        {
            return (null, e.Message);
        }
    }

    /// <summary>The text of an upload, or why it cannot be read.</summary>
    internal static async Task<(string? Text, string? Wrong)> ReadAsync(IFormFile file, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(file);
        using var memory = new MemoryStream();
        await file.CopyToAsync(memory, ct);
        var bytes = memory.ToArray();
        if (bytes is [(byte)'P', (byte)'K', 3 or 5, ..]) return (null, "The file is an archive or a Word document. Save it as plain text, or paste the text.");
        if (bytes is [(byte)'%', (byte)'P', (byte)'D', (byte)'F', ..]) return (null, "The file is a PDF. Copy the text out of it and paste it.");
        try
        {
            Encoding encoding = bytes switch
            {
                [0xFF, 0xFE, ..] => new UnicodeEncoding(false, true, throwOnInvalidBytes: true),
                [0xFE, 0xFF, ..] => new UnicodeEncoding(true, true, throwOnInvalidBytes: true),
                _ => new UTF8Encoding(false, throwOnInvalidBytes: true),
            };
            var text = encoding.GetString(bytes).TrimStart('\uFEFF');
            return text.Any(c => char.IsControl(c) && c is not ('\n' or '\r' or '\t' or '\f'))
                ? (null, "The file does not hold plain text. Save it as plain text or HTML, or paste the text.") : (text, null);
        }
        catch (DecoderFallbackException)
        {
            return (null, "The file is not written in UTF-8. Save it as plain text with the encoding UTF-8, or paste the text.");
        }
    }

    /// <summary>Cuts a text where evidence begins and ends. Joined again it is the text.</summary>
    internal static IReadOnlyList<TextPiece> Cut(string text, TagSuggestion suggestion)
    {
        var pieces = new List<TextPiece>();
        var at = 0;
        foreach (var evidence in suggestion.Tags.SelectMany(t => t.Evidence).Where(e => e.Start >= 0 && e.Start < e.End && e.End <= text.Length).DistinctBy(e => e.Start).OrderBy(e => e.Start))
        {
            if (evidence.Start < at) continue;
            if (evidence.Start > at) pieces.Add(new(text[at..evidence.Start], null));
            pieces.Add(new(text[evidence.Start..evidence.End], Anchor(evidence)));
            at = evidence.End;
        }

        if (at < text.Length) pieces.Add(new(text[at..], null));
        return pieces;
    }

    private async Task DecideAsync(string slug, string principle, string decision, string by, string? reason, CancellationToken ct)
    {
        if (decision == "undone")
        {
            if (tagDesk.TakeBack(slug, principle, by) is null) throw new BadInputException("No decision on this tag stands, so there is none to undo.");
            return;
        }

        var verdict = decision switch
        {
            "accepted" => StaffVerdict.Accepted,
            "rejected" => StaffVerdict.Rejected,
            "added" => StaffVerdict.Added,
            _ => throw new BadInputException("Use one of the buttons beside a principle."),
        };
        await tagDesk.RecordAsync(slug, principle, verdict, by, reason, ct);
    }

    private async Task<bool> LoadStoredAsync(CancellationToken ct)
    {
        if ((await corpusTags.GetListedAsync(Slug!.Trim(), ct))?.Tags is not { } tags) return false;
        (Tags, Suggestion, CaseStudy) = (tags, tags.Suggested, stored.Current.Find(tags.Slug)!.CaseStudy);
        Pieces = Cut(CaseStudy.Text, tags.Suggested);
        return true;
    }
}
