using System.Globalization;
using CoopAI.Adapters.Sqlite;
using CoopAI.Core.Ledger;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CoopAI.Web.Pages.Audit;

/// <summary>One piece of feedback with the question it is about.</summary>
/// <param name="Question">Null: erased.</param>
public sealed record FeedbackRow(Feedback Feedback, string? Question);

/// <summary><c>/audit/feedback</c>: what officers said of answers, counted and one by one, for staff and members.</summary>
public sealed class FeedbackModel(FeedbackBook book, SqliteLedger ledger) : PageModel
{
    /// <summary>Pieces of feedback on one page.</summary>
    public const int PageSize = 25;

    /// <summary>"yes", "no" or null: useful, not useful, both.</summary>
    [BindProperty(Name = "useful", SupportsGet = true)]
    public string? Useful { get; set; }

    /// <summary>One of <see cref="FeedbackBook.Reasons"/>, or null.</summary>
    [BindProperty(Name = "reason", SupportsGet = true)]
    public string? Reason { get; set; }

    // From the query by name: "page" is also what the framework calls its own route value.
    [FromQuery(Name = "page")]
    public string? PageText { get; set; }

    public IReadOnlyList<FeedbackRow> Rows { get; private set; } = [];

    public FeedbackCounts Counts { get; private set; } = null!;

    public int PageNumber { get; private set; } = 1;

    public int Pages { get; private set; } = 1;

    public bool IsFiltered => Useful is "yes" or "no" || (Reason is not null && FeedbackBook.Reasons.ContainsKey(Reason));

    public void OnGet()
    {
        Counts = book.Count();
        bool? useful = Useful switch { "yes" => true, "no" => false, _ => null };
        var reason = Reason is not null && FeedbackBook.Reasons.ContainsKey(Reason) ? Reason : null;
        var total = book.Total(useful, reason);
        Pages = Math.Max(1, (total + PageSize - 1) / PageSize);
        PageNumber = int.TryParse(PageText, NumberStyles.None, CultureInfo.InvariantCulture, out var page) ? Math.Clamp(page, 1, Pages) : 1;
        Rows = [.. book.Newest(useful, reason, (PageNumber - 1) * PageSize, PageSize).Select(f => new FeedbackRow(f, ledger.List(LedgerKind.Answer, f.AnswerId, take: 1) is [var entry] ? entry.Texts.GetValueOrDefault("question") : null))];
    }

    /// <summary>These filters on another page.</summary>
    public string Address(int page) => "/audit/feedback" + QueryString.Create(new Dictionary<string, string?>
    {
        ["useful"] = Useful,
        ["reason"] = Reason,
        ["page"] = page.ToString(CultureInfo.InvariantCulture),
    }.Where(p => !string.IsNullOrEmpty(p.Value)));
}
