using System.Globalization;
using CoopAI.Core.Briefs;
using CoopAI.Core.Guidance;
using CoopAI.Core.Ledger;
using CoopAI.Core.Ledger.Proof;
using CoopAI.Core.Reviews;
using CoopAI.Core.Verdicts;

namespace CoopAI.Web.Pages.Audit;

/// <summary>The record's terms as members read them.</summary>
public static class AuditWords
{
    private static readonly TimeZoneInfo Britain = TimeZoneInfo.TryFindSystemTimeZoneById("Europe/London", out var zone) ? zone : TimeZoneInfo.Utc;

    private static readonly string[] Numbers = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];

    /// <summary>Outcomes by the word that the ledger keeps.</summary>
    public static IReadOnlyDictionary<string, string> Outcomes { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["answered"] = "Answered",
        ["partly-answered"] = "Partly answered",
        ["not-found"] = "No precedent found",
        ["out-of-scope"] = "Not a question about precedents",
        ["held"] = "Held by a rule",
        ["failed"] = "Not answered",
    };

    public static string Of(Outcome outcome) => Outcomes[System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(outcome.ToString())];

    /// <summary>An outcome as the ledger spells it, or the word itself when it is none of today's.</summary>
    public static string OfOutcome(string? word) => word is null ? "Not recorded" : Outcomes.GetValueOrDefault(word, word);

    public static string Of(RuleStatus status) => status switch
    {
        RuleStatus.Pass => "Pass",
        RuleStatus.Fail => "Fail",
        RuleStatus.NotApplicable => "Does not apply",
        _ => "Could not check",
    };

    /// <summary>Colour of the status's tag; the word always stands beside it.</summary>
    public static string Colour(RuleStatus status) => status switch
    {
        RuleStatus.Pass => "govuk-tag--green",
        RuleStatus.Fail => "govuk-tag--red",
        RuleStatus.NotApplicable => "govuk-tag--grey",
        _ => "govuk-tag--yellow",
    };

    public static string Of(Stage stage) => stage switch
    {
        Stage.Question => "Before looking",
        Stage.Retrieved => "What was found",
        Stage.Answer => "What is said",
        _ => "What is kept",
    };

    public static string Of(RuleAction action) => action switch
    {
        RuleAction.None => "Nothing",
        RuleAction.Block => "The answer was stopped",
        RuleAction.Quarantine => "The passage was set aside",
        RuleAction.Withhold => "The sentence was withheld",
        RuleAction.Redact => "Words were masked",
        RuleAction.Retry => "It was written again",
        RuleAction.Flag => "A warning was given",
        RuleAction.Annotate => "A line was added",
        RuleAction.DropTag => "The tag was left out",
        _ => "The order was changed",
    };

    public static string Of(ReviewVerdict verdict) => verdict switch
    {
        ReviewVerdict.Agree => "Agree",
        ReviewVerdict.Disagree => "Disagree",
        _ => "Unsure",
    };

    public static string Of(LedgerKind kind) => kind switch
    {
        LedgerKind.Answer => "Answer",
        LedgerKind.Review => "Review",
        LedgerKind.ReviewReply => "Reply to a disagreement",
        LedgerKind.ReviewSample => "Sample drawn",
        LedgerKind.TagDecision => "Tag decision",
        LedgerKind.GuidanceChange => "Change of the guidance",
        LedgerKind.GuidanceSuggestion => "Suggested change",
        LedgerKind.GuidanceDecline => "Suggestion declined",
        LedgerKind.PlantedError => "Known error planted",
        LedgerKind.SettingsChange => "Change of a setting",
        LedgerKind.CaseStudyChange => "Change of case studies",
        LedgerKind.KeyRotation => "Signing key",
        LedgerKind.AccountChange => "Change of an account",
        LedgerKind.StateChange => "Change of what is stored",
        _ => "Erasure",
    };

    /// <summary>What a result speaks of; sentences are counted from 1 for people.</summary>
    public static string Of(RuleTarget target)
    {
        ArgumentNullException.ThrowIfNull(target);
        return target.Kind switch
        {
            "sentence" when int.TryParse(target.Id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) => string.Create(CultureInfo.InvariantCulture, $"Sentence {number + 1} as first written"),
            "passage" => $"A passage of {target.Id.Split('#')[0].Replace('-', ' ')}",
            "field" => $"Field {target.Id}",
            "question" => "The question",
            "answer" => "The whole answer",
            _ => $"{target.Kind} {target.Id}".Trim(),
        };
    }

    /// <summary>The target as reviews name it, such as <c>sentence:2</c>.</summary>
    public static string Key(RuleTarget target)
    {
        ArgumentNullException.ThrowIfNull(target);
        return target.Id.Length == 0 ? target.Kind : $"{target.Kind}:{target.Id}";
    }

    /// <summary>A number with its noun, which takes an s for more than one.</summary>
    public static string Count(int number, string noun) => number == 1 ? $"1 {noun}" : string.Create(CultureInfo.InvariantCulture, $"{number:N0} {noun}s");

    /// <summary>The day in Britain.</summary>
    public static DateOnly DayOf(DateTimeOffset at) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, Britain).DateTime);

    public static string Day(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, Britain).ToString("d MMMM yyyy", CultureInfo.InvariantCulture);

    /// <summary>Day and time of day as clocks in Britain show them.</summary>
    public static string Time(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, Britain).ToString("d MMMM yyyy, HH:mm", CultureInfo.InvariantCulture);

    /// <summary>How far members agree, in a sentence.</summary>
    /// <param name="what">What they judged, in the plural, such as "answers".</param>
    public static string Of(SharedReviews shared, string what)
    {
        ArgumentNullException.ThrowIfNull(shared);
        if (shared.Things == 0) return $"No two members have reviewed the same {what} yet.";
        var members = shared.Members < Numbers.Length ? Numbers[shared.Members] : shared.Members.ToString(CultureInfo.InvariantCulture);
        var reviewed = shared.Things == 1 ? $"{members} members reviewed the same one of the {what}" : $"{members} members reviewed {shared.Things} of the same {what}";
        var agreed = shared.Agreed == 0 ? shared.Things == 1 ? "did not agree on it" : "agreed on none"
            : shared.Agreed < shared.Things ? $"agreed on {shared.Agreed}"
            : shared.Things switch { 1 => "agreed on it", 2 => "agreed on both", _ => "agreed on all of them" };
        return $"{char.ToUpperInvariant(reviewed[0])}{reviewed[1..]} and {agreed}.";
    }

    /// <summary>A role as a reader is told who did something.</summary>
    public static string Role(string role) => role switch
    {
        "member" => "A member",
        "staff" => "Staff of the Network",
        "administrator" => "An administrator",
        "officer" => "An officer",
        _ => "The service",
    };

    /// <summary>Krippendorff's alpha with its interval, or why there is none.</summary>
    public static string Of(CoopAI.Core.Statistics.Agreement agreement)
    {
        ArgumentNullException.ThrowIfNull(agreement);
        var invariant = CultureInfo.InvariantCulture;
        return agreement.Alpha is not { } alpha ? "not enough reviews by two or more members"
            : string.Create(invariant, $"{alpha:0.00}") + (agreement.Low is { } low && agreement.High is { } high ? string.Create(invariant, $" (95% interval {low:0.00} to {high:0.00})") : "");
    }
}
