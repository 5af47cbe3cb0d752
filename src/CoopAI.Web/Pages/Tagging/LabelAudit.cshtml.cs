using CoopAI.Core.Tagging;
using CoopAI.Orchestration.Ingesting;
using CoopAI.Orchestration.Tagging;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CoopAI.Web.Pages.Tagging;

/// <summary><c>/tag/audit</c>: where published, suggested and decided tags disagree.</summary>
[RequestTimeout(60_000)]
public sealed class LabelAuditModel(CorpusService corpus, TaggingService tagging, PrincipleNames names) : PageModel
{
    /// <summary>Findings on one page.</summary>
    public const int PageSize = 25;

    /// <summary>likely-missing, likely-unsupported, decided-otherwise, or null for all.</summary>
    [BindProperty(Name = "finding", SupportsGet = true)]
    public string? Finding { get; set; }

    [BindProperty(Name = "page-number", SupportsGet = true)]
    public int PageNumber { get; set; } = 1;

    public static IReadOnlyList<(string Value, AuditFinding Finding, string Text)> Findings { get; } =
    [
        ("likely-missing", AuditFinding.LikelyMissing, "Likely missing on the page"),
        ("likely-unsupported", AuditFinding.LikelyUnsupported, "On the page, but no sentence shows it"),
        ("decided-otherwise", AuditFinding.DecidedOtherwise, "Staff decided otherwise"),
    ];

    public Paged<AuditRow> Rows { get; private set; } = Paged.Of<AuditRow>([], 1, PageSize);

    public string Name(string id) => names[id];

    public async Task OnGetAsync(CancellationToken ct)
    {
        await corpus.RefreshAsync(ct);
        var rows = await tagging.GetAuditAsync(ct);
        if (Findings.FirstOrDefault(f => f.Value == Finding) is { Value: not null } wanted) rows = [.. rows.Where(r => r.Finding == wanted.Finding)];
        Rows = Paged.Of(rows, PageNumber, PageSize);
    }
}
