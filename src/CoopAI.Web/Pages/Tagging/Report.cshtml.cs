using System.Globalization;
using CoopAI.Core.Tagging.Learning;
using CoopAI.Orchestration.Ingesting;
using CoopAI.Orchestration.Tagging;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CoopAI.Web.Pages.Tagging;

/// <summary><c>/tag/report</c>: how right the tagger is about each principle, how well it is calibrated, and how people agree.</summary>
[RequestTimeout(60_000)]
public sealed class ReportModel(CorpusService corpus, TaggingService tagging, PrincipleNames names) : PageModel
{
    public TagReport Report { get; private set; } = null!;

    public string Name(string id) => names[id];

    /// <summary>A share with its interval in words.</summary>
    public static string Show(Rate rate)
    {
        ArgumentNullException.ThrowIfNull(rate);
        return rate.Value is not { } value ? "not known"
            : string.Create(CultureInfo.InvariantCulture, $"{value:0.00}") + (rate is { Low: { } low, High: { } high } ? string.Create(CultureInfo.InvariantCulture, $" ({low:0.00} to {high:0.00})") : "");
    }

    /// <summary>A number for an attribute of SVG.</summary>
    public static string At(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    public async Task OnGetAsync(CancellationToken ct)
    {
        await corpus.RefreshAsync(ct);
        Report = await tagging.GetReportAsync(ct);
    }
}
