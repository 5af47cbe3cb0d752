using System.Globalization;
using CoopAI.Core.Tagging;
using CoopAI.Orchestration.Tagging;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CoopAI.Web.Pages.Tagging;

/// <summary><c>/tag/wrong</c>: where published, suggested and decided tags disagree, with buttons to decide.</summary>
[RequestTimeout(60_000)]
public sealed class WrongModel(CorpusTags corpusTags) : PageModel
{
    /// <summary>Tags on one page.</summary>
    public const int PageSize = 10;

    /// <summary>likely-missing, likely-unsupported, decided-otherwise, or null for all.</summary>
    [BindProperty(Name = "finding", SupportsGet = true)]
    public string? Finding { get; set; }

    [BindProperty(Name = "page-number", SupportsGet = true)]
    public int PageNumber { get; set; } = 1;

    public static IReadOnlyList<(string Value, AuditFinding Finding, string Text)> Findings { get; } =
    [
        ("likely-missing", AuditFinding.LikelyMissing, "Likely, but missing on the page"),
        ("likely-unsupported", AuditFinding.LikelyUnsupported, "On the page, but no sentence shows it"),
        ("decided-otherwise", AuditFinding.DecidedOtherwise, "Staff decided one thing, the tagger says the other"),
    ];

    public Paged<AuditRow> Rows { get; private set; } = Paged.Of<AuditRow>([], 1, PageSize);

    /// <summary>What the tagger says of a finding's tag: it is sure in each of the three.</summary>
    public static TagDecision SuggestedOf(AuditRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        return row.Finding is AuditFinding.LikelyMissing || row is { Finding: AuditFinding.DecidedOtherwise, Decided: false } ? TagDecision.Yes : TagDecision.No;
    }

    /// <summary>This list on another page.</summary>
    public string Address(int page) => $"/tag/wrong?finding={Uri.EscapeDataString(Finding ?? "")}&page-number={page.ToString(CultureInfo.InvariantCulture)}";

    public async Task OnGetAsync(CancellationToken ct)
    {
        var rows = await corpusTags.GetAuditAsync(ct);
        if (Findings.FirstOrDefault(f => f.Value == Finding) is { Value: not null } wanted) rows = [.. rows.Where(r => r.Finding == wanted.Finding)];
        else Finding = null;
        Rows = Paged.Of(rows, PageNumber, PageSize);
    }
}
