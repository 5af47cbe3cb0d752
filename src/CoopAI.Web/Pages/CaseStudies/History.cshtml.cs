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

/// <summary><c>/case-studies/{slug}/history</c>: every version with what changed, to be restored.</summary>
[RequestTimeout(60_000)]
public sealed class HistoryModel(CaseStudyDesk desk, ICaseStudyHistory history, CorpusTags corpusTags) : FormPageModel
{
    [BindProperty(Name = "by")]
    public string? By { get; set; }

    /// <summary>Who merges or parts.</summary>
    [BindProperty(Name = "mergedBy")]
    public string? MergedBy { get; set; }

    /// <summary>Newest first, each with its difference to the one before.</summary>
    public IReadOnlyList<(CaseStudyVersion Version, IReadOnlyList<string> Fields, IReadOnlyList<DifferencePiece> Text)> Versions { get; private set; } = [];

    public CaseStudyVersion Latest => Versions[0].Version;

    public string? Twin { get; private set; }

    /// <summary>Why officers do not see it; null: they do.</summary>
    public QuarantinedCaseStudy? Waiting { get; private set; }

    [BindProperty(Name = "reason")]
    public string? Reason { get; set; }

    /// <summary>Who lets it through; the form to restore a version has a name of its own.</summary>
    [BindProperty(Name = "releaser")]
    public string? Releaser { get; set; }

    public IActionResult OnGet(string slug) => Load(slug) ? Page() : NotFound();

    public async Task<IActionResult> OnPostRestoreAsync(string slug, int number, int version, CancellationToken ct)
    {
        if (!Load(slug)) return NotFound();
        if (Roles.SignedInName(User) is null && string.IsNullOrWhiteSpace(By)) return Again("Say who restores it: your name stands beside it in the history.");
        try
        {
            await desk.RestoreAsync(slug, number, ChangeCaseStudy.Editor(User, By, $"Version {number} restored."), version, ct);
            corpusTags.BeginUpdate();
            return Redirect($"/case-studies/{Uri.EscapeDataString(slug)}/history");
        }
        catch (Exception e) when (e is BadInputException or StaleCaseStudyException)
        {
            Load(slug);
            return Again(e is StaleCaseStudyException ? "Somebody changed it in the meantime: the newest version stands on top now." : e.Message);
        }
    }

    /// <summary>Lets officers see it.</summary>
    public async Task<IActionResult> OnPostReleaseAsync(string slug, CancellationToken ct)
    {
        if (!Load(slug)) return NotFound();
        if (Roles.SignedInName(User) is null && string.IsNullOrWhiteSpace(Releaser)) return Again("Say who lets it through: your name stands beside it in the record.", "releaser");
        if (string.IsNullOrWhiteSpace(Reason)) return Again("Say why it may be shown: the reason stands in the record.", "reason");
        try
        {
            await desk.ReleaseAsync(slug, ChangeCaseStudy.Editor(User, Releaser, Reason), ct);
            corpusTags.BeginUpdate();
            return Redirect($"/case-studies/{Uri.EscapeDataString(slug)}");
        }
        catch (BadInputException e)
        {
            return Again(e.Message, "reason");
        }
    }

    /// <summary>Says that this is a story of its own after all.</summary>
    public Task<IActionResult> OnPostOwnStoryAsync(string slug, CancellationToken ct) => ChangeStoryAsync(slug, by => desk.PartAsync(slug, by, ct));

    /// <summary>Says that this one and another tell one story.</summary>
    /// <param name="keep">Which of the two search shows: this or other.</param>
    public Task<IActionResult> OnPostMergeAsync(string slug, string other, string keep, CancellationToken ct) =>
        ChangeStoryAsync(slug, by => keep == "this" ? desk.MergeAsync(other, slug, by, ct) : desk.MergeAsync(slug, other, by, ct));

    private async Task<IActionResult> ChangeStoryAsync(string slug, Func<CaseStudyEditor, Task> change)
    {
        if (!Load(slug)) return NotFound();
        if (Roles.SignedInName(User) is null && string.IsNullOrWhiteSpace(MergedBy)) return Again("Say who changes it: your name stands beside it in the record.", "mergedBy");
        try
        {
            await change(ChangeCaseStudy.Editor(User, MergedBy, null));
            corpusTags.BeginUpdate();
            return Redirect($"/case-studies/{Uri.EscapeDataString(slug)}/history");
        }
        catch (BadInputException e)
        {
            return Again(e.Message, "mergedBy");
        }
    }

    private bool Load(string slug)
    {
        var versions = history.Of(slug);
        Twin = history.Twins().GetValueOrDefault(slug);
        Waiting = history.InQuarantine(slug) is [var first, ..] ? first : null;
        Versions = [.. versions.Select((v, i) => (v, i == 0 ? [] : Changed(versions[i - 1].CaseStudy, v.CaseStudy), i == 0 ? [] : TextDifference.Of(versions[i - 1].CaseStudy.Text, v.CaseStudy.Text))).Reverse()];
        return versions.Count > 0;
    }

    private static List<string> Changed(CaseStudy a, CaseStudy b)
    {
        var changed = new List<string>();
        Note("Title", a.Title, b.Title);
        Note("Lead council", a.LeadMember, b.LeadMember);
        Note("Took part", string.Join(", ", a.ParticipatingMembers), string.Join(", ", b.ParticipatingMembers));
        Note("Year", a.Year?.ToString(System.Globalization.CultureInfo.InvariantCulture), b.Year?.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Note("Status", a.Status, b.Status);
        Note("Topics", string.Join(", ", a.Topics), string.Join(", ", b.Topics));
        Note("Address", a.Url, b.Url);
        Note("Published principles", a.Principles is null ? null : string.Join(", ", a.Principles), b.Principles is null ? null : string.Join(", ", b.Principles));
        return changed;

        void Note(string name, string? before, string? after)
        {
            if (before != after) changed.Add($"{name}: “{(string.IsNullOrEmpty(before) ? "nothing" : before)}” became “{(string.IsNullOrEmpty(after) ? "nothing" : after)}”");
        }
    }

    private PageResult Again(string message, string field = "by")
    {
        Errors = [new FormError(field, message)];
        Response.StatusCode = StatusCodes.Status400BadRequest;
        return Page();
    }
}
