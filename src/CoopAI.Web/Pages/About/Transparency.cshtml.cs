using CoopAI.Web.Transparency;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CoopAI.Web.Pages.About;

/// <summary><c>/about/transparency</c>: the record that <c>/about/transparency.json</c> gives to programs.</summary>
public sealed class TransparencyModel(TransparencyRecords records) : PageModel
{
    public TransparencyRecord Record { get; private set; } = null!;

    public async Task OnGetAsync(CancellationToken ct) => Record = await records.CreateAsync(ct);
}
