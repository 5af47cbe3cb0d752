using CoopAI.Adapters.Reading;
using CoopAI.Core;
using CoopAI.Core.Corpus;
using CoopAI.Orchestration.Ingesting;
using CoopAI.Orchestration.Tagging;
using CoopAI.Web.Api.CaseStudies;
using CoopAI.Web.Security;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CoopAI.Web.Pages.Import;

/// <summary><c>/import/{id}</c>: what an import would change, or did; apply it, drop it, take it back.</summary>
[RequestTimeout(600_000)]
public sealed class PreviewModel(ImportDesk desk, ICaseStudyHistory history, CorpusTags corpusTags, WebReader web, ImportRuns runs, TimeProvider clock) : FormPageModel
{
    private const int PageSize = 50;

    [BindProperty(Name = "by")]
    public string? By { get; set; }

    /// <summary>Slugs of likely duplicates that tell the other's story.</summary>
    [BindProperty(Name = "merge")]
    public string[]? Merge { get; set; }

    /// <summary>Slugs of sure duplicates that staff call a story of their own.</summary>
    [BindProperty(Name = "part")]
    public string[]? Part { get; set; }

    /// <summary>Added ones that may tell a story that is there already; the first 200.</summary>
    public IReadOnlyList<ImportEntry> Twins { get; private set; } = [];

    /// <summary>How far applying it is; null: nobody applies it now.</summary>
    public string? Progress { get; private set; }

    public ImportSummary Import { get; private set; } = null!;

    /// <summary>Entries of one action, a page of them.</summary>
    public IReadOnlyList<ImportEntry> Entries { get; private set; } = [];

    public ImportAction Shown { get; private set; }

    /// <summary>From 1.</summary>
    public int Number { get; private set; } = 1;

    public int Pages => Math.Max(1, (Import.Counts.GetValueOrDefault(Shown) + PageSize - 1) / PageSize);

    public IReadOnlyList<string> Kept { get; private set; } = [];

    public static IReadOnlyList<(ImportAction Action, string Name)> Actions { get; } =
        [(ImportAction.Refused, "Refused"), (ImportAction.Added, "Added"), (ImportAction.Changed, "Changed"), (ImportAction.Removed, "Removed"), (ImportAction.Unchanged, "Unchanged")];

    public int Changes => Import.Counts.Where(c => c.Key is ImportAction.Added or ImportAction.Changed or ImportAction.Removed).Sum(c => c.Value);

    public static string Total(ImportSummary import)
    {
        ArgumentNullException.ThrowIfNull(import);
        return string.Join(", ", Actions.Where(a => import.Counts.GetValueOrDefault(a.Action) > 0).Select(a => FormattableString.Invariant($"{import.Counts[a.Action]} {a.Name.ToLowerInvariant()}")));
    }

    public IActionResult OnGet(string id, string? show, int number = 1) => Load(id, show, number) ? Page() : NotFound();

    /// <summary>Begins to apply it; the page then says how far it is.</summary>
    public IActionResult OnPostApply(string id)
    {
        if (!Load(id, null, 1)) return NotFound();
        if (Roles.SignedInName(User) is null && string.IsNullOrWhiteSpace(By)) return Again("Say who applies it: your name stands beside it in the history.");
        if (Import.State != ImportState.Previewed) return Again($"The import is {Import.State.ToString().ToLowerInvariant()} already.");
        var editor = ChangeCaseStudy.Editor(User, By, null);
        runs.Start(id, async (progress, ct) =>
        {
            await desk.ApplyAsync(id, editor, progress, Merge, Part, ct);
            web.NoteApplied();
            await corpusTags.UpdateAsync(ct);
        });
        return Redirect($"/import/{id}");
    }

    public async Task<IActionResult> OnPostUndoAsync(string id, CancellationToken ct)
    {
        if (!Load(id, null, 1)) return NotFound();
        if (Roles.SignedInName(User) is null && string.IsNullOrWhiteSpace(By)) return Again("Say who takes it back: your name stands beside it in the history.");
        try
        {
            var dropped = Import.State == ImportState.Previewed;
            (_, Kept) = await desk.UndoAsync(id, ChangeCaseStudy.Editor(User, By, null), ct);
            if (dropped) return Redirect("/import");
            await corpusTags.UpdateAsync(ct);
            Load(id, null, 1);
            return Page();
        }
        catch (BadInputException e)
        {
            return Again(e.Message);
        }
    }

    private bool Load(string id, string? show, int page)
    {
        if (history.Import(id) is not { } import) return false;
        Import = import;
        Shown = Actions.FirstOrDefault(a => a.Name.Equals(show, StringComparison.OrdinalIgnoreCase) && import.Counts.GetValueOrDefault(a.Action) > 0) is { Name: not null } chosen
            ? chosen.Action : Actions.FirstOrDefault(a => import.Counts.GetValueOrDefault(a.Action) > 0) is { Name: not null } first ? first.Action : ImportAction.Added;
        Number = Math.Clamp(page, 1, Pages);
        Entries = [.. history.Entries(id, Shown, (Number - 1) * PageSize, PageSize)];
        Twins = import.Twins == 0 || import.State != ImportState.Previewed ? [] : [.. history.Entries(id, ImportAction.Added).Where(e => e.Twin is not null).Take(200)];
        if (runs.Find(id) is { } run)
        {
            if (run.Fault is { } fault) Errors = [new FormError("by", fault)];
            else Progress = run.InWords(clock.GetUtcNow());
        }

        return true;
    }

    private PageResult Again(string message)
    {
        Errors = [new FormError("by", message)];
        Response.StatusCode = StatusCodes.Status400BadRequest;
        return Page();
    }
}
