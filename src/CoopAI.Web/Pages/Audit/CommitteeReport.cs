using System.Globalization;
using CoopAI.Core.Guidance;
using CoopAI.Core.Ledger;
using CoopAI.Core.Reviews;
using CoopAI.Orchestration.Reviewing;
using CoopAI.Web.Transparency;

namespace CoopAI.Web.Pages.Audit;

/// <summary>One part of the report: a heading, sentences, and a list.</summary>
public sealed record ReportPart(string Heading, IReadOnlyList<string> Sentences, IReadOnlyList<string> Points);

/// <summary>What members reviewed in a span of days, on one page for a committee.</summary>
/// <param name="Period">The days in words.</param>
/// <param name="Organisation">Who runs the service; null: not said.</param>
public sealed record CommitteeReport(DateOnly From, DateOnly To, string Period, string? Organisation, IReadOnlyList<ReportPart> Parts);

/// <summary>Puts the report together from the record. It names no member: a committee discusses what was found, not who found it.</summary>
public sealed class CommitteeReports(ILedgerReader ledger, ReviewBook reviews, PlantedErrors planted, SuggestionBook suggestions, GuidanceInForce guidance, HostOrganisation host)
{
    /// <summary>Disagreements and changes that are told in full; more would not fit on one page.</summary>
    public const int MostTold = 5;

    private const int LongestText = 180;

    /// <param name="from">First day, in Britain.</param>
    /// <param name="to">Last day.</param>
    public CommitteeReport Of(DateOnly from, DateOnly to)
    {
        var answers = ledger.All(LedgerKind.Answer).Where(e => Within(e.Entry.At)).ToList();
        var all = reviews.All().Where(r => r.Counts && Within(r.At)).ToList();
        var disagreements = reviews.Disagreements().Where(d => Within(d.Review.At)).ToList();
        return new(from, to, string.Create(CultureInfo.InvariantCulture, $"{from:d MMMM yyyy} to {to:d MMMM yyyy}"), host().Name,
        [
            new("What was reviewed", [Given(answers), Reviewed(answers, all)], []),
            new("What members said", Said(all), []),
            Disagreed(disagreements),
            Changes(),
            .. Known(),
            new("How to check this", ["Every answer, review and reply stands in a record that shows any later change. The page “Record” of the service checks it, and gives a receipt for each answer."], []),
        ]);

        bool Within(DateTimeOffset at) => AuditWords.DayOf(at) is var day && day >= from && day <= to;

        ReportPart Changes()
        {
            var changes = ledger.All(LedgerKind.GuidanceChange).Where(e => e.Entry.Payload.GetProperty("from").ValueKind != System.Text.Json.JsonValueKind.Null && Within(e.Entry.At)).Reverse().ToList();
            var suggested = suggestions.All().Where(s => Within(s.At)).ToList();
            var waiting = suggested.Count(s => s.Status == SuggestionStatus.Open);
            return new("Changes of the rules",
                [$"{(changes.Count == 0 ? "The rules did not change." : $"The rules changed {(changes.Count == 1 ? "once" : $"{changes.Count} times")}.")} {(suggested.Count == 0 ? "No change was suggested." : $"{AuditWords.Count(suggested.Count, "change")} {(suggested.Count == 1 ? "was" : "were")} suggested: {suggested.Count(s => s.Status == SuggestionStatus.Adopted)} adopted, {suggested.Count(s => s.Status == SuggestionStatus.Declined)} declined, {waiting} open.")}"],
                [.. changes.Take(MostTold).Select(c => $"{AuditWords.Day(c.Entry.At)}: {Short(Why(c, suggested))}")]);
        }

        IEnumerable<ReportPart> Known()
        {
            var days = (new DateTimeOffset(from.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero), new DateTimeOffset(to.AddDays(1).ToDateTime(TimeOnly.MinValue), TimeSpan.Zero));
            var measure = planted.Measure(days.Item1, days.Item2);
            if (measure.Planted == 0) yield break;
            yield return new("How well the review itself works",
                [$"To measure it, {AuditWords.Count(measure.Planted, "answer")} with a known error {(measure.Planted == 1 ? "was" : "were")} put among those to review. {(measure.Reviewed == 0 ? "Nobody has reviewed one yet." : $"Of {measure.Reviewed} that were reviewed, the error was found in {measure.Found}.")} No officer saw them, and no other figure here counts them."], []);
        }
    }

    private static string Given(List<EntryWithTexts> answers)
    {
        if (answers.Count == 0) return "No question was answered in this time.";
        var outcomes = answers.Select(a => a.Entry.Payload.TryGetProperty("outcome", out var outcome) ? outcome.GetString() : null).CountBy(o => AuditWords.OfOutcome(o), StringComparer.Ordinal)
            .OrderByDescending(o => o.Value).ThenBy(o => o.Key, StringComparer.Ordinal).Select(o => $"{o.Value} {o.Key.ToLowerInvariant()}");
        return $"The service dealt with {AuditWords.Count(answers.Count, "question")}: {string.Join(", ", outcomes)}.";
    }

    private string Reviewed(List<EntryWithTexts> answers, List<Review> all)
    {
        var ids = answers.Select(a => a.Entry.Subject!).ToHashSet(StringComparer.Ordinal);
        var drawn = reviews.Samples().SelectMany(s => s.Answers).Where(ids.Contains).ToHashSet(StringComparer.Ordinal);
        var reviewed = all.Select(r => r.AnswerId).ToHashSet(StringComparer.Ordinal);
        var members = all.Where(r => r.Member is not null).Select(r => r.Member!.ToUpperInvariant()).Distinct(StringComparer.Ordinal).Count();
        return all.Count == 0 ? $"{AuditWords.Count(drawn.Count, "answer")} {(drawn.Count == 1 ? "was" : "were")} drawn by chance for review. Nobody has reviewed an answer in this time."
            : $"{AuditWords.Count(drawn.Count, "answer")} of them {(drawn.Count == 1 ? "was" : "were")} drawn by chance for review. {AuditWords.Count(members, "member")} reviewed {AuditWords.Count(reviewed.Count, "answer")}, {reviewed.Count(drawn.Contains)} of these drawn.";
    }

    private static List<string> Said(List<Review> all)
    {
        if (all.Count == 0) return ["Nothing yet."];
        var count = all.CountBy(r => r.Verdict).ToDictionary();
        return
        [
            $"Members gave {AuditWords.Count(all.Count, "judgement")}: {count.GetValueOrDefault(ReviewVerdict.Agree)} agreed, {count.GetValueOrDefault(ReviewVerdict.Disagree)} disagreed, {count.GetValueOrDefault(ReviewVerdict.Unsure)} unsure.",
            AuditWords.Of(SharedReviews.Of(all, ofAnswers: true), "answers"),
            AuditWords.Of(SharedReviews.Of(all, ofAnswers: false), "verdicts of rules"),
        ];
    }

    private ReportPart Disagreed(List<Disagreement> disagreements)
    {
        var open = disagreements.Count(d => d.IsOpen);
        var points = disagreements.OrderByDescending(d => d.IsOpen).Take(MostTold).Select(d =>
        {
            var question = ledger.List(LedgerKind.Answer, d.Review.AnswerId, take: 1) is [var entry] && entry.Texts.GetValueOrDefault("question") is { } text ? $"“{Short(text)}”" : "A question that was erased";
            var about = d.Review.Rule is { } rule ? $", on “{guidance.Current.Rules.FirstOrDefault(r => r.Id == rule)?.Name ?? rule}”" : "";
            var end = d.Replies is [.., var last] ? $"{(d.IsOpen ? "Still open" : "Dealt with")}: {Short(last.Text ?? "the reply was erased")}" : "Open: nobody has replied yet.";
            return $"{question}{about}. A member: {Short(d.Review.Reason ?? "the reason was erased")} {end}";
        }).ToList();
        if (disagreements.Count > MostTold) points.Add($"and {AuditWords.Count(disagreements.Count - MostTold, "more disagreement")}, on the page “Disagreements”.");
        return new("Disagreements and what became of them",
            [disagreements.Count == 0 ? "No member disagreed with anything." : $"{AuditWords.Count(disagreements.Count, "disagreement")}: {disagreements.Count - open} dealt with, {open} open."], points);
    }

    private static string Why(EntryWithTexts change, List<Suggestion> suggested)
    {
        var reason = change.Texts.GetValueOrDefault("reason") ?? "the reason was erased";
        return change.Entry.Payload.TryGetProperty("suggestion", out var number) && suggested.Find(s => s.Entry == number.GetInt64()) is { } s ? $"{SuggestionWords.Of(s.Edit)} {reason}" : reason;
    }

    private static string Short(string text)
    {
        var line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= LongestText ? line : line[..(line.LastIndexOf(' ', LongestText - 1) is > 40 and var cut ? cut : LongestText - 1)] + "…";
    }
}
