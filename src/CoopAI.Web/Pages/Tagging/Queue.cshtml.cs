using CoopAI.Core.Tagging;
using CoopAI.Orchestration.Ingesting;
using CoopAI.Orchestration.Tagging;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CoopAI.Web.Pages.Tagging;

/// <summary><c>/tag/queue</c>: undecided tags of the corpus, most uncertain first.</summary>
[RequestTimeout(60_000)]
public sealed class QueueModel(CorpusService corpus, TaggingService tagging, PrincipleNames names) : PageModel
{
    /// <summary>Tags on one page.</summary>
    public const int PageSize = 25;

    [BindProperty(Name = "page-number", SupportsGet = true)]
    public int PageNumber { get; set; } = 1;

    public Paged<QueuedTag> Tags { get; private set; } = Paged.Of<QueuedTag>([], 1, PageSize);

    public string Name(string id) => names[id];

    public async Task OnGetAsync(CancellationToken ct)
    {
        await corpus.RefreshAsync(ct);
        Tags = Paged.Of(await tagging.GetQueueAsync(ct), PageNumber, PageSize);
    }
}
