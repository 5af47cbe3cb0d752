using System.Globalization;
using CoopAI.Web.Documents;
using Microsoft.AspNetCore.Mvc;

namespace CoopAI.Web.Pages.Audit;

/// <summary><c>/audit/report</c>: what members reviewed, for a committee, on one page to print and as a Word file.</summary>
public sealed class ReportModel(CommitteeReports reports, TimeProvider clock) : FormPageModel
{
    /// <summary>Longest span, in days: two years.</summary>
    public const int MostDays = 731;

    [BindProperty(Name = "from", SupportsGet = true)]
    public string? From { get; set; }

    [BindProperty(Name = "to", SupportsGet = true)]
    public string? To { get; set; }

    /// <summary>"word": the file.</summary>
    [BindProperty(Name = "as", SupportsGet = true)]
    public string? As { get; set; }

    public CommitteeReport? Report { get; private set; }

    public DateOnly Today => AuditWords.DayOf(clock.GetUtcNow());

    /// <summary>Spans to choose from: first day and words.</summary>
    public IReadOnlyList<(DateOnly From, string Text)> Spans => [(Today.AddDays(-29), "The last 30 days"), (Today.AddMonths(-3).AddDays(1), "The last three months"), (Today.AddYears(-1).AddDays(1), "The last year")];

    public string Address(DateOnly from, string more = "") => string.Create(CultureInfo.InvariantCulture, $"/audit/report?from={from:yyyy-MM-dd}&to={Today:yyyy-MM-dd}{more}");

    public IActionResult OnGet()
    {
        var errors = new List<FormError>();
        var to = Day(To, "to", Today, errors);
        var from = Day(From, "from", to.AddMonths(-3).AddDays(1), errors);
        if (errors.Count == 0 && from > to) errors.Add(new("from", "The first day lies after the last. Swap them."));
        else if (errors.Count == 0 && to.DayNumber - from.DayNumber >= MostDays) errors.Add(new("from", "A report covers at most two years. Choose a later first day."));
        Errors = errors;
        if (errors.Count > 0)
        {
            Response.StatusCode = StatusCodes.Status400BadRequest;
            return Page();
        }

        Report = reports.Of(from, to);
        (From, To) = (from.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), to.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        return As == "word" ? File(CommitteeDocument.Write(Report, clock.GetUtcNow()), BriefDocument.ContentType, $"Review of answers {From} to {To}.docx") : Page();
    }

    private static DateOnly Day(string? text, string field, DateOnly otherwise, List<FormError> errors)
    {
        if (string.IsNullOrWhiteSpace(text)) return otherwise;
        if (DateOnly.TryParseExact(text.Trim(), ["yyyy-MM-dd", "d/M/yyyy", "d M yyyy", "d MMMM yyyy"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is > 2000 and < 9000) return day;
        errors.Add(new(field, $"“{(text.Length > 40 ? text[..40] + "…" : text)}” is no date. Write day, month and year, such as 22/11/2026."));
        return otherwise;
    }
}
