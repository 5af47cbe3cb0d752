using System.Globalization;
using CoopAI.Adapters.Sqlite;
using CoopAI.Core;
using CoopAI.Core.Briefs;
using CoopAI.Core.Guidance;
using CoopAI.Core.Ledger;
using CoopAI.Core.Reviews;
using CoopAI.Orchestration.Reviewing;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CoopAI.Web.Pages.Audit;

/// <summary>One answer in the list.</summary>
/// <param name="Question">Null: erased.</param>
/// <param name="Reviews">Reviews that count.</param>
public sealed record AuditedAnswer(string Id, DateTimeOffset At, string? Question, string Outcome, int Reviews);

/// <summary><c>/audit</c>: the answers with filters, the weekly sample, and how far members agree.</summary>
[IgnoreAntiforgeryToken]
public sealed class AnswersModel(SqliteLedger ledger, ReviewBook reviews, GuidanceFramework guidance, FailedRules failed, IAntiforgery antiforgery) : FormPageModel
{
    /// <summary>Answers on one page.</summary>
    public const int PageSize = 25;

    /// <summary>Entries looked at for one page: a filter by rule opens each record.</summary>
    private const int MostLookedAt = 500;

    [BindProperty(Name = "outcome", SupportsGet = true)]
    public string? Outcome { get; set; }

    /// <summary>Only answers in which this rule failed or could not be checked.</summary>
    [BindProperty(Name = "rule", SupportsGet = true)]
    public string? Rule { get; set; }

    [BindProperty(Name = "from", SupportsGet = true)]
    public string? From { get; set; }

    [BindProperty(Name = "to", SupportsGet = true)]
    public string? To { get; set; }

    /// <summary>"yes", "no" or null.</summary>
    [BindProperty(Name = "reviewed", SupportsGet = true)]
    public string? Reviewed { get; set; }

    [BindProperty(Name = "before", SupportsGet = true)]
    public string? Before { get; set; }

    [BindProperty(Name = "week")]
    public string? Week { get; set; }

    [BindProperty(Name = "size")]
    public string? Size { get; set; }

    public IReadOnlyList<AuditedAnswer> Answers { get; private set; } = [];

    /// <summary>Where the next page begins; null: this is the last.</summary>
    public string? Older { get; private set; }

    public IReadOnlyList<RuleDefinition> Rules => guidance.Rules;

    public ReviewSample? Sample { get; private set; }

    public IReadOnlySet<string> ReviewedIds { get; private set; } = new HashSet<string>();

    public ReviewAgreement Agreement { get; private set; } = null!;

    public bool IsFiltered => !string.IsNullOrEmpty(Outcome) || !string.IsNullOrEmpty(Rule) || !string.IsNullOrWhiteSpace(From) || !string.IsNullOrWhiteSpace(To) || !string.IsNullOrEmpty(Reviewed);

    public void OnGet() => Load();

    /// <summary>Draws the sample of a week.</summary>
    public async Task<IActionResult> OnPostAsync()
    {
        var errors = new List<FormError>();
        if (!await antiforgery.IsRequestValidAsync(HttpContext)) errors.Add(new("week", FormError.Stale));
        var size = ReviewSample.DefaultSize;
        if (!string.IsNullOrWhiteSpace(Size) && (!int.TryParse(Size.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out size) || size is < 1 or > ReviewSample.MaxSize))
            errors.Add(new("size", $"How many answers must be a whole number from 1 to {ReviewSample.MaxSize}."));
        if (errors.Count == 0)
        {
            try
            {
                reviews.Sample(string.IsNullOrWhiteSpace(Week) ? null : Week.Trim(), size);
                return Redirect("/audit#sample");
            }
            catch (BadInputException e)
            {
                errors.Add(new("week", e.Message));
            }
        }

        Load();
        Errors = [.. Errors, .. errors];
        Response.StatusCode = StatusCodes.Status400BadRequest;
        return Page();
    }

    private void Load()
    {
        var errors = new List<FormError>();
        var from = Day(From, "from", errors);
        var to = Day(To, "to", errors);
        if (from > to) errors.Add(new("to", "The last day lies before the first. Swap them, or leave one out."));
        if (!string.IsNullOrEmpty(Outcome) && !AuditWords.Outcomes.ContainsKey(Outcome)) errors.Add(new("outcome", "Choose an outcome from the list."));
        if (!string.IsNullOrEmpty(Rule) && guidance.Rules.All(r => r.Id != Rule)) errors.Add(new("rule", "Choose a rule from the list."));
        var before = long.TryParse(Before, NumberStyles.None, CultureInfo.InvariantCulture, out var place) ? place : (long?)null;
        Errors = errors;
        if (errors.Count > 0) Response.StatusCode = StatusCodes.Status400BadRequest;

        var all = reviews.All();
        var counts = all.Where(r => r.Counts).CountBy(r => r.AnswerId, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
        ReviewedIds = counts.Keys.ToHashSet(StringComparer.Ordinal);
        Agreement = reviews.Agreement(all);
        Sample = reviews.Samples() is [.., var last] ? last : null;
        if (errors.Count > 0) return;

        var found = new List<AuditedAnswer>();
        var lookedAt = 0;
        while (found.Count < PageSize && lookedAt < MostLookedAt)
        {
            var page = ledger.List(LedgerKind.Answer, before: before, take: 50);
            foreach (var entry in page)
            {
                lookedAt++;
                before = entry.Entry.Index;
                if (Row(entry, counts, from, to) is { } row) found.Add(row);
                if (found.Count == PageSize) break;
            }

            if (page.Count < 50 && (page.Count == 0 || before == page[^1].Entry.Index))
            {
                before = null;
                break;
            }
        }

        Answers = found;
        Older = before is not { } next ? null : "/audit" + QueryString.Create(new Dictionary<string, string?>
        {
            ["outcome"] = Outcome,
            ["rule"] = Rule,
            ["from"] = From,
            ["to"] = To,
            ["reviewed"] = Reviewed,
            ["before"] = next.ToString(CultureInfo.InvariantCulture),
        }.Where(p => !string.IsNullOrEmpty(p.Value)));
    }

    private AuditedAnswer? Row(EntryWithTexts entry, Dictionary<string, int> reviewed, DateOnly? from, DateOnly? to)
    {
        var id = entry.Entry.Subject!;
        var day = DateOnly.FromDateTime(entry.Entry.At.UtcDateTime);
        var outcome = entry.Entry.Payload.TryGetProperty("outcome", out var kept) ? kept.GetString() : null;
        var count = reviewed.GetValueOrDefault(id);
        return (string.IsNullOrEmpty(Outcome) || outcome == Outcome) && !(day < from) && !(day > to)
            && Reviewed switch { "yes" => count > 0, "no" => count == 0, _ => true }
            && (string.IsNullOrEmpty(Rule) || failed.Of(id).Contains(Rule))
                ? new(id, entry.Entry.At, entry.Texts.GetValueOrDefault("question"), AuditWords.OfOutcome(outcome), count) : null;
    }

    private static DateOnly? Day(string? text, string field, List<FormError> errors)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;
        if (DateOnly.TryParseExact(text.Trim(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)) return day;
        errors.Add(new(field, $"\"{text.Trim()}\" is no date. Write it as year, month and day, such as 2026-11-22."));
        return null;
    }
}
