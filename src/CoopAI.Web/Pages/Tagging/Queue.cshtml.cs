using CoopAI.Adapters;
using CoopAI.Core.Tagging;
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

    public int Total { get; private set; }

    public IReadOnlyList<QueuedTag> Tags { get; private set; } = [];

    public int First => (PageNumber - 1) * PageSize + 1;

    public bool HasNext => PageNumber * PageSize < Total;

    public string Name(string id) => names[id];

    public async Task OnGetAsync(CancellationToken ct)
    {
        await corpus.RefreshAsync(ct);
        var queue = await tagging.GetQueueAsync(ct);
        Total = queue.Count;
        PageNumber = Math.Clamp(PageNumber, 1, Math.Max(1, (Total + PageSize - 1) / PageSize));
        Tags = [.. queue.Skip((PageNumber - 1) * PageSize).Take(PageSize)];
    }
}
