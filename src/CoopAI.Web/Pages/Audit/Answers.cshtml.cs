using System.Globalization;
using CoopAI.Adapters.Sqlite;
using CoopAI.Core;
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
/// <param name="ToLookAt">What was withheld or failed, in a few words; null: nothing.</param>
/// <param name="Reviews">Reviews that count.</param>
public sealed record AuditedAnswer(string Id, DateTimeOffset At, string? Question, string Outcome, string? ToLookAt, int Reviews);

/// <summary><c>/audit</c>: what is to be reviewed this week, all answers with filters, and how far members agree.</summary>
[IgnoreAntiforgeryToken]
public sealed class AnswersModel(
    SqliteLedger ledger, ReviewBook reviews, PlantedErrors planted, GuidanceFramework guidance, FailedRules failed, IAntiforgery antiforgery, TimeProvider clock) : FormPageModel
{
    /// <summary>Answers on one page.</summary>
    public const int PageSize = 25;

    /// <summary>Longest text that questions are searched for, in characters.</summary>
    public const int MaxWords = 200;

    /// <summary>Entries looked at for one page: a filter by rule opens each record.</summary>
    private const int MostLookedAt = 500;

    /// <summary>"all": every answer. Otherwise what is to be reviewed, unless something is filtered.</summary>
    [BindProperty(Name = "show", SupportsGet = true)]
    public string? Show { get; set; }

    /// <summary>Words that the question holds.</summary>
    [BindProperty(Name = "q", SupportsGet = true)]
    public string? Words { get; set; }

    [BindProperty(Name = "outcome", SupportsGet = true)]
    public string? Outcome { get; set; }

    /// <summary>Only answers in which this rule failed or could not be checked.</summary>
    [BindProperty(Name = "rule", SupportsGet = true)]
    public string? Rule { get; set; }

    /// <summary>First day as one text, such as 2026-11-22; the form sends day, month and year apart.</summary>
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

    /// <summary>The sample drawn last; null: none yet.</summary>
    public ReviewSample? Sample { get; private set; }

    /// <summary>Its answers, in the order drawn.</summary>
    public IReadOnlyList<AuditedAnswer> ToReview { get; private set; } = [];

    /// <summary>Whether the last whole week still waits for its draw.</summary>
    public bool CanDraw { get; private set; }

    public IReadOnlyList<Review> All { get; private set; } = [];

    public int OpenDisagreements { get; private set; }

    public bool IsFiltered => !string.IsNullOrEmpty(Outcome) || !string.IsNullOrEmpty(Rule) || !string.IsNullOrWhiteSpace(From) || !string.IsNullOrWhiteSpace(To)
        || !string.IsNullOrEmpty(Reviewed) || !string.IsNullOrWhiteSpace(Words);

    public bool ShowsAll => Show == "all" || Before is not null || IsFiltered;

    /// <summary>First and last day as the form has them: name, label, and day, month, year as typed.</summary>
    public IReadOnlyList<(string Id, string Label, string[] Parts)> Days => [("from", "First day", Parts("from", From)), ("to", "Last day", Parts("to", To))];

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
                planted.Plant(reviews.Sample(string.IsNullOrWhiteSpace(Week) ? null : Week.Trim(), size));
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

    /// <summary>A week as people name it.</summary>
    public static string InWords(string week)
    {
        var monday = DateOnly.FromDateTime(ReviewSample.RangeOf(week).From.UtcDateTime);
        return string.Create(CultureInfo.InvariantCulture, $"{monday:d MMMM} to {monday.AddDays(6):d MMMM yyyy}");
    }

    private void Load()
    {
        var errors = new List<FormError>();
        From = Joined("from", From);
        To = Joined("to", To);
        var from = Day(From, "from", errors);
        var to = Day(To, "to", errors);
        if (from > to) errors.Add(new("to-day", "The last day lies before the first. Swap them, or leave one out."));
        if (!string.IsNullOrEmpty(Outcome) && !AuditWords.Outcomes.ContainsKey(Outcome)) errors.Add(new("outcome", "Choose an outcome from the list."));
        if (!string.IsNullOrEmpty(Rule) && guidance.Rules.All(r => r.Id != Rule)) errors.Add(new("rule", "Choose a rule from the list."));
        if (Words?.Length > MaxWords) errors.Add(new("q", $"Search for at most {MaxWords} characters."));
        var before = long.TryParse(Before, NumberStyles.None, CultureInfo.InvariantCulture, out var place) ? place : (long?)null;
        Errors = errors;
        if (errors.Count > 0) Response.StatusCode = StatusCodes.Status400BadRequest;

        All = reviews.All();
        OpenDisagreements = reviews.Disagreements().Count(d => d.IsOpen);
        var counts = All.Where(r => r.Counts).CountBy(r => r.AnswerId, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
        var samples = reviews.Samples();
        Sample = samples is [.., var last] ? last : null;
        var lastWeek = ReviewSample.WeekOf(clock.GetUtcNow().AddDays(-7));
        CanDraw = samples.All(s => s.Week != lastWeek) && ledger.AnswersBetween(ReviewSample.RangeOf(lastWeek).From, ReviewSample.RangeOf(lastWeek).To).Count > 0;
        if (Sample is { } sample && !ShowsAll)
        {
            ToReview = [.. sample.Answers.Select(id => ledger.List(LedgerKind.Answer, id, take: 1) is [var entry] ? Row(entry, counts) : null).OfType<AuditedAnswer>()];
            // In its place by number, so that its place does not give it away.
            if (planted.Of(sample.Week) is { } error && planted.Show(error) is { } shown)
                ToReview = [.. ToReview.Append(new(shown.Id, shown.At, shown.Question, AuditWords.Of(shown.Outcome), Findings.Of(shown).InShort(), reviews.Of(shown.Id).Count(r => r.Counts))).OrderBy(a => a.Question, StringComparer.Ordinal)];
        }

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
                if (Fits(entry, counts, from, to)) found.Add(Row(entry, counts));
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
            ["show"] = "all",
            ["q"] = Words,
            ["outcome"] = Outcome,
            ["rule"] = Rule,
            ["from"] = From,
            ["to"] = To,
            ["reviewed"] = Reviewed,
            ["before"] = next.ToString(CultureInfo.InvariantCulture),
        }.Where(p => !string.IsNullOrEmpty(p.Value)));
    }

    private bool Fits(EntryWithTexts entry, Dictionary<string, int> reviewed, DateOnly? from, DateOnly? to)
    {
        var id = entry.Entry.Subject!;
        var day = AuditWords.DayOf(entry.Entry.At);
        var count = reviewed.GetValueOrDefault(id);
        return (string.IsNullOrEmpty(Outcome) || OutcomeOf(entry) == Outcome) && !(day < from) && !(day > to)
            // The tab of what is to be reviewed lists what nobody has reviewed.
            && (ShowsAll ? Reviewed : "no") switch { "yes" => count > 0, "no" => count == 0, _ => true }
            && (string.IsNullOrWhiteSpace(Words) || entry.Texts.GetValueOrDefault("question")?.Contains(Words.Trim(), StringComparison.OrdinalIgnoreCase) == true)
            && (string.IsNullOrEmpty(Rule) || failed.Of(id)?.Rules.Contains(Rule) == true);
    }

    private AuditedAnswer Row(EntryWithTexts entry, Dictionary<string, int> reviewed)
    {
        var id = entry.Entry.Subject!;
        return new(id, entry.Entry.At, entry.Texts.GetValueOrDefault("question"), AuditWords.OfOutcome(OutcomeOf(entry)), failed.Of(id)?.InShort(), reviewed.GetValueOrDefault(id));
    }

    private static string? OutcomeOf(EntryWithTexts entry) => entry.Entry.Payload.TryGetProperty("outcome", out var kept) ? kept.GetString() : null;

    // Day, month and year as one text, in the form in which links carry it.
    private string? Joined(string field, string? whole)
    {
        if (!string.IsNullOrWhiteSpace(whole)) return whole.Trim();
        var parts = Typed(field);
        return parts.All(p => p.Length == 0) ? null : $"{parts[2]}-{parts[1].PadLeft(2, '0')}-{parts[0].PadLeft(2, '0')}";
    }

    private string[] Typed(string field) => [At(field, "day"), At(field, "month"), At(field, "year")];

    private string At(string field, string part) => Request.Query[$"{field}-{part}"].ToString().Trim();

    private string[] Parts(string field, string? whole) =>
        Typed(field) is var typed && typed.Any(p => p.Length > 0) ? typed
        : whole?.Split('-') is [var year, var month, var day] ? [day.TrimStart('0'), month.TrimStart('0'), year] : ["", "", whole ?? ""];

    private static DateOnly? Day(string? text, string field, List<FormError> errors)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;
        if (DateOnly.TryParseExact(text.Trim(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)) return day;
        errors.Add(new($"{field}-day", $"The {(field == "from" ? "first" : "last")} day is no date. Write day, month and year in numbers, such as 22 11 2026."));
        return null;
    }
}
