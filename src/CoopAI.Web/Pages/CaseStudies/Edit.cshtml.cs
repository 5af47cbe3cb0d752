using CoopAI.Core;
using CoopAI.Core.Corpus;
using CoopAI.Orchestration.Ingesting;
using CoopAI.Orchestration.Tagging;
using CoopAI.Web.Api.CaseStudies;
using CoopAI.Web.Security;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CoopAI.Web.Pages.CaseStudies;

/// <summary><c>/case-studies/{slug}/edit</c>: staff change a case study, publish a draft or withdraw. Whoever comes second is shown what the first changed.</summary>
[RequestTimeout(60_000)]
[RequestSizeLimit(4 * 1024 * 1024)]
public sealed class EditModel(CaseStudyDesk desk, ICaseStudyHistory history, CorpusTags corpusTags) : FormPageModel
{
    [BindProperty]
    public CaseStudyFields Fields { get; set; } = new();

    /// <summary>Number of the version that the form was made from.</summary>
    [BindProperty(Name = "version")]
    public int Number { get; set; }

    [BindProperty(Name = "by")]
    public string? By { get; set; }

    [BindProperty(Name = "reason")]
    public string? Reason { get; set; }

    [BindProperty(Name = "state")]
    public string? State { get; set; }

    public CaseStudyVersion Current { get; private set; } = null!;

    /// <summary>What somebody else changed in the meantime; null: nobody did.</summary>
    public IReadOnlyList<DifferencePiece>? Difference { get; private set; }

    public string? Saved { get; private set; }

    /// <summary>The case study that this one's story is counted as; null: its own.</summary>
    public string? MergedInto { get; private set; }

    /// <summary>A likely duplicate, to be merged or told apart.</summary>
    public SameStory? Twin { get; private set; }

    public string? TwinTitle { get; private set; }

    public IActionResult OnGet(string slug, string? saved)
    {
        if (history.Latest(slug) is not { } latest) return NotFound();
        (Current, Number, Saved) = (latest, latest.Number, saved);
        Fields = CaseStudyFields.Of(latest.CaseStudy, latest.Contacts);
        MergedInto = history.Twins().GetValueOrDefault(slug);
        Twin = MergedInto is null && latest.State == CaseStudyState.Published ? desk.TwinOf(latest.CaseStudy) : null;
        TwinTitle = Twin is null ? null : history.Latest(Twin.Slug)?.CaseStudy.Title;
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(string slug, CancellationToken ct)
    {
        if (history.Latest(slug) is not { } latest) return NotFound();
        Current = latest;
        var seen = history.Of(slug).FirstOrDefault(v => v.Number == Number) ?? latest;
        if (State == "withdrawn") return await WithdrawAsync(slug, ct);
        var (caseStudy, errors) = Fields.Read(seen.CaseStudy);
        if (caseStudy is null) return Again(errors);
        if (Roles.SignedInName(User) is null && string.IsNullOrWhiteSpace(By)) return Again([new("by", "Say who changes it: your name stands beside it in the history.")]);
        try
        {
            var saved = await desk.SaveAsync(caseStudy, Fields.ContactList, State == "draft" ? CaseStudyState.Draft : CaseStudyState.Published, ChangeCaseStudy.Editor(User, By, Reason), seen.From, Number, ct);
            if (State == "draft") return Redirect($"/case-studies/{Uri.EscapeDataString(slug)}/edit?saved=draft");
            corpusTags.BeginUpdate();
            return Redirect(saved.Doubts.Count > 0 ? $"/case-studies/{Uri.EscapeDataString(slug)}/history" : $"/case-studies/{Uri.EscapeDataString(slug)}?saved=published");
        }
        catch (StaleCaseStudyException e)
        {
            // What was typed stays; sending it again saves it over the change that is shown.
            (Current, Number) = (e.Current, e.Current.Number);
            ModelState.Remove("version");
            Difference = TextDifference.Of(seen.CaseStudy.Text, e.Current.CaseStudy.Text);
            Errors = [new("changed", $"{e.Current.By.Name} changed this case study while you did. See what changed below. Your own changes are still in the form: take over what is needed and save again.")];
            Response.StatusCode = StatusCodes.Status409Conflict;
            return Page();
        }
        catch (BadInputException e)
        {
            return Again([new("text", e.Message)]);
        }
    }

    private async Task<IActionResult> WithdrawAsync(string slug, CancellationToken ct)
    {
        if (Roles.SignedInName(User) is null && string.IsNullOrWhiteSpace(By)) return Again([new("by", "Say who withdraws it: your name stands beside it in the history.")]);
        if (string.IsNullOrWhiteSpace(Reason)) return Again([new("reason", "Give a reason: readers of answers that quoted it will see it.")]);
        try
        {
            await desk.WithdrawAsync(slug, ChangeCaseStudy.Editor(User, By, Reason), Number, ct);
            corpusTags.BeginUpdate();
            return Redirect($"/case-studies/{Uri.EscapeDataString(slug)}/history");
        }
        catch (Exception e) when (e is BadInputException or StaleCaseStudyException)
        {
            return Again([new("reason", e is StaleCaseStudyException ? "Somebody changed it in the meantime. Look at the history first." : e.Message)]);
        }
    }

    private PageResult Again(IReadOnlyList<FormError> errors)
    {
        Errors = errors;
        Response.StatusCode = StatusCodes.Status400BadRequest;
        return Page();
    }
}
