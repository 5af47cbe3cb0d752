using System.Globalization;
using CoopAI.Core.Principles;
using CoopAI.Core.Tagging;
using CoopAI.Orchestration.Tagging;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CoopAI.Web.Pages.Tagging;

/// <summary><c>/tag/queue</c>: undecided tags of the corpus, most uncertain first.</summary>
[RequestTimeout(60_000)]
public sealed class QueueModel(CorpusTags corpusTags) : PageModel
{
    /// <summary>Tags on one page.</summary>
    public const int PageSize = 10;

    [BindProperty(Name = "page-number", SupportsGet = true)]
    public int PageNumber { get; set; } = 1;

    public Paged<QueuedTag> Tags { get; private set; } = Paged.Of<QueuedTag>([], 1, PageSize);

    /// <summary>Only tags of this principle; null: of all ten.</summary>
    [BindProperty(Name = "principle", SupportsGet = true)]
    public string? Principle { get; set; }

    /// <summary>This list on another page.</summary>
    public string Address(int page) => $"/tag/queue?principle={Uri.EscapeDataString(Principle ?? "")}&page-number={page.ToString(CultureInfo.InvariantCulture)}";

    public async Task OnGetAsync(CancellationToken ct)
    {
        if (Principle is not null && !PrincipleIds.Contains(Principle)) Principle = null;
        var all = await corpusTags.GetQueueAsync(ct);
        Tags = Paged.Of(Principle is null ? all : [.. all.Where(t => t.Principle == Principle)], PageNumber, PageSize);
    }
}
