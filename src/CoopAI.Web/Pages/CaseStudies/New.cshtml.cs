using CoopAI.Adapters.Reading;
using CoopAI.Core;
using CoopAI.Core.Corpus;
using CoopAI.Core.Tagging;
using CoopAI.Orchestration.Ingesting;
using CoopAI.Orchestration.Tagging;
using CoopAI.Web.Api.CaseStudies;
using CoopAI.Web.Security;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CoopAI.Web.Pages.CaseStudies;

/// <summary><c>/case-studies/new</c>: staff paste, upload or name an address; what was found stands in a form to be checked, with suggested tags and likely duplicates, and is saved as draft or published.</summary>
[RequestTimeout(120_000)]
[RequestSizeLimit(ReadingLimits.DocumentBytes + (1024 * 1024))]
public sealed class NewModel(CaseStudyImporter importer, WebReader web, CaseStudyDesk desk, ICaseStudyHistory history, TrainedTagger trained, CorpusTags corpusTags, TagDesk tagDesk, PrincipleNames names) : FormPageModel
{
    [BindProperty]
    public CaseStudyFields Fields { get; set; } = new();

    [BindProperty(Name = "pasted")]
    public string? Pasted { get; set; }

    [BindProperty(Name = "file")]
    public IFormFile? Upload { get; set; }

    [BindProperty(Name = "address")]
    public string? Address { get; set; }

    [BindProperty(Name = "from")]
    public string? From { get; set; }

    [BindProperty(Name = "by")]
    public string? By { get; set; }

    /// <summary>draft or published.</summary>
    [BindProperty(Name = "state")]
    public string? State { get; set; }

    /// <summary>Suggested tags that staff accept with the text.</summary>
    [BindProperty(Name = "accept")]
    public string[]? Accepted { get; set; }

    /// <summary>Whether something was read, so that the form with the facts is shown.</summary>
    public bool IsRead { get; private set; }

    public IReadOnlyList<string> Notes { get; private set; } = [];

    public TagSuggestion? Suggestion { get; private set; }

    public SameStory? Twin { get; private set; }

    public string? TwinTitle { get; private set; }

    public string Name(string id) => names[id];

    /// <summary>Reads what was given.</summary>
    public async Task<IActionResult> OnPostReadAsync(CancellationToken ct)
    {
        ImportItem item;
        try
        {
            if (Upload is { Length: > 0 })
            {
                if (Upload.Length > ReadingLimits.DocumentBytes) return Again("file", $"The file is larger than {ReadingLimits.DocumentBytes / (1024 * 1024)} MB. Give the case study in a file of its own.");
                using var memory = new MemoryStream();
                await Upload.CopyToAsync(memory, ct);
                var items = importer.Read(memory.ToArray(), Path.GetFileName(Upload.FileName));
                if (items.Count != 1) return Again("file", $"The file holds {items.Count} case studies. Bring many in with Import.");
                item = items[0];
                From = Masked(Path.GetFileName(Upload.FileName));
            }
            else if (!string.IsNullOrWhiteSpace(Address))
            {
                if (!Uri.TryCreate(Address.Trim(), UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https")) return Again("address", "Write the address in full, such as https://www.example.gov.uk/page.");
                var items = new List<ImportItem>();
                await foreach (var found in web.ReadAsync([uri], refresh: false, ct: ct))
                {
                    items.Add(found);
                    if (items.Count > 1) return Again("address", "The address holds more than one case study. Bring many in with Import.");
                }

                if (items.Count == 0) return Again("address", "Nothing was found at this address.");
                item = items[0];
                From = uri.ToString();
            }
            else if (!string.IsNullOrWhiteSpace(Pasted))
            {
                item = importer.ReadText(Pasted);
                From = "the pasted text";
            }
            else return Again("pasted", "Paste a text, choose a file, or give an address.");
        }
        catch (BadInputException e)
        {
            return Again("pasted", e.Message);
        }

        if (item.Problem is { } problem) return Again(Upload is { Length: > 0 } ? "file" : !string.IsNullOrWhiteSpace(Address) ? "address" : "pasted", Sentence(problem.Message));
        var read = item.Read!;
        Fields = CaseStudyFields.Of(read.CaseStudy with { Slug = Free(read.CaseStudy.Slug) }, read.Contacts, read.Origins.Count > 0 ? read.Origins : null);
        Notes = read.Notes;
        ModelState.Clear();
        await WeighAsync(read.CaseStudy, ct);
        IsRead = true;
        return Page();
    }

    /// <summary>Saves what stands in the form.</summary>
    public async Task<IActionResult> OnPostSaveAsync(CancellationToken ct)
    {
        IsRead = true;
        var (caseStudy, errors) = Fields.Read(null);
        if (caseStudy is null) return Again(errors);
        if (history.Latest(caseStudy.Slug) is { } taken) return Again("slug", $"The name {caseStudy.Slug} is taken{(taken.State == CaseStudyState.Withdrawn ? " by one that was withdrawn" : "")}. Choose another.");
        var editor = ChangeCaseStudy.Editor(User, string.IsNullOrWhiteSpace(By) ? null : By, null);
        if (Roles.SignedInName(User) is null && string.IsNullOrWhiteSpace(By)) return Again("by", "Say who adds it: your name stands beside it in the history.");
        try
        {
            var draft = State == "draft";
            var saved = await desk.SaveAsync(caseStudy, Fields.ContactList, draft ? CaseStudyState.Draft : CaseStudyState.Published, editor, From ?? "the form", 0, ct);
            if (draft) return Redirect($"/case-studies/{Uri.EscapeDataString(caseStudy.Slug)}/edit?saved=draft");
            foreach (var id in Accepted ?? []) await tagDesk.DecideAsync(caseStudy.Slug, id, StaffVerdict.Accepted, editor.Name, null, null, ct);
            corpusTags.BeginUpdate();
            return Redirect(saved.Twin is { IsSure: true } || saved.Doubts.Count > 0 ? $"/case-studies/{Uri.EscapeDataString(caseStudy.Slug)}/history" : $"/case-studies/{Uri.EscapeDataString(caseStudy.Slug)}?saved=published");
        }
        catch (StaleCaseStudyException)
        {
            return Again("slug", "Somebody took this name a moment ago. Choose another.");
        }
        catch (BadInputException e)
        {
            return Again("text", e.Message);
        }
    }

    private async Task WeighAsync(CaseStudy caseStudy, CancellationToken ct)
    {
        Twin = desk.TwinOf(caseStudy);
        TwinTitle = Twin is null ? null : history.Latest(Twin.Slug)?.CaseStudy.Title;
        Suggestion = await trained.SuggestAsync(TaggableText.Of(caseStudy), ct);
    }

    private string Free(string slug)
    {
        var free = slug;
        for (var i = 2; history.Latest(free) is not null; i++) free = FormattableString.Invariant($"{slug}-{i}");
        return free;
    }

    private static string Sentence(string message) => message.Length == 0 ? message : char.ToUpperInvariant(message[0]) + message[1..];

    private PageResult Again(string field, string message) => Again([new FormError(field, message)]);

    private PageResult Again(IReadOnlyList<FormError> errors)
    {
        Errors = errors;
        Response.StatusCode = StatusCodes.Status400BadRequest;
        return Page();
    }
}
