using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CoopAI.Core.Ledger;
using CoopAI.Core.Statistics;

namespace CoopAI.Core.Reviews;

/// <summary>What a member thinks of a verdict or of an answer.</summary>
/// <remarks>The values add up to none of themselves, so that "agree,disagree" is no verdict.</remarks>
public enum ReviewVerdict
{
    Agree = 1,
    Disagree = 2,
    Unsure = 4,
}

/// <summary>A member's review as it is handed in.</summary>
/// <param name="Member">Name, 1 to 200 characters; kept beside the ledger, erasable.</param>
/// <param name="Rule">The rule whose result is judged, such as VG06; null: the answer as a whole.</param>
/// <param name="Target">Which of the rule's results, as <c>kind:id</c>, such as <c>sentence:2</c>; null: all of them.</param>
/// <param name="Reason">Up to 2,000 characters; required for a disagreement.</param>
public sealed partial record ReviewDraft(string AnswerId, string Member, ReviewVerdict Verdict, string? Rule = null, string? Target = null, string? Reason = null)
{
    public const int MaxName = 200;
    public const int MaxReason = 2000;

    /// <summary>The draft of its entry.</summary>
    /// <exception cref="BadInputException">A member is missing or breaks its limit.</exception>
    public LedgerDraft ToEntry()
    {
        if (string.IsNullOrWhiteSpace(Member) || Member.Trim().Length > MaxName)
            throw new BadInputException($"A review needs the member's name, 1 to {MaxName} characters.");
        if (!Enum.IsDefined(Verdict)) throw new BadInputException("The verdict must be one of agree, disagree and unsure.");
        if (Verdict == ReviewVerdict.Disagree && string.IsNullOrWhiteSpace(Reason))
            throw new BadInputException("A disagreement needs a reason: say in a sentence what is wrong, so that the rule or the answer can be put right.");
        if (Reason?.Length > MaxReason)
            throw new BadInputException($"The reason has {Reason.Length:N0} characters; at most {MaxReason:N0} are kept.");
        if (Rule is not null && !RuleId().IsMatch(Rule))
            throw new BadInputException("The rule must be an id such as VG06; leave it out to review the answer as a whole.");
        if (Target is not null && (Rule is null || !TargetForm().IsMatch(Target)))
            throw new BadInputException("The target must name one result of a rule as kind:id, such as sentence:2, and needs the rule beside it.");

        var payload = new JsonObject { ["verdict"] = Word(Verdict) };
        if (Rule is not null) payload["rule"] = Rule;
        if (Target is not null) payload["target"] = Target;
        var texts = new Dictionary<string, string>(StringComparer.Ordinal) { ["by"] = Member.Trim() };
        if (!string.IsNullOrWhiteSpace(Reason)) texts["reason"] = Reason.Trim();
        return new(LedgerKind.Review, "member", AnswerId, payload) { Texts = texts };
    }

    internal static string Word(ReviewVerdict verdict) => verdict.ToString().ToLowerInvariant();

    [GeneratedRegex(@"^[A-Z][A-Z0-9-]{1,19}\z", RegexOptions.CultureInvariant)]
    private static partial Regex RuleId();

    [GeneratedRegex(@"^[a-z]{1,20}(:[^\s@\p{C}]{1,180})?\z", RegexOptions.CultureInvariant)]
    private static partial Regex TargetForm();
}

/// <summary>A review as it stands in the ledger.</summary>
/// <param name="Entry">Its place.</param>
/// <param name="Member">Name; null: erased.</param>
/// <param name="Reason">Null: none was given, or it was erased.</param>
/// <param name="Counts">False when the same member judged the same thing again later: the later review counts.</param>
public sealed record Review(
    long Entry, DateTimeOffset At, string AnswerId, string? Member, ReviewVerdict Verdict, string? Rule, string? Target, string? Reason, bool Counts)
{
    /// <summary>Reads the reviews among these entries, in their order, and marks those that were replaced.</summary>
    /// <param name="entries">With the texts beside them, in order of place.</param>
    public static IReadOnlyList<Review> Read(IEnumerable<(LedgerEntry Entry, IReadOnlyDictionary<string, string> Texts)> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        var reviews = entries.Where(e => e.Entry.Kind == LedgerKind.Review).Select(e =>
        {
            var payload = e.Entry.Payload;
            return new Review(
                e.Entry.Index, e.Entry.At, e.Entry.Subject!, e.Texts.GetValueOrDefault("by"),
                Enum.Parse<ReviewVerdict>(payload.GetProperty("verdict").GetString()!, ignoreCase: true),
                payload.TryGetProperty("rule", out var rule) ? rule.GetString() : null,
                payload.TryGetProperty("target", out var target) ? target.GetString() : null,
                e.Texts.GetValueOrDefault("reason"), Counts: true);
        }).ToList();
        var last = new HashSet<(string, string?, string?, string)>();
        for (var i = reviews.Count - 1; i >= 0; i--)
        {
            var r = reviews[i];
            // Without a name nobody can tell whether two reviews are one member's: each counts.
            if (r.Member is not null && !last.Add((r.AnswerId, r.Rule, r.Target, r.Member.ToUpperInvariant())))
                reviews[i] = r with { Counts = false };
        }
        return reviews;
    }
}

/// <summary>How far members agree with each other.</summary>
/// <param name="All">Over every answer and rule result that two or more members judged.</param>
/// <param name="WholeAnswers">Over answers as a whole.</param>
/// <param name="ByRule">Over the results of each rule, in order of id.</param>
/// <param name="Verdicts">How often each verdict was given, replaced reviews left out.</param>
public sealed record ReviewAgreement(
    Agreement All, Agreement WholeAnswers, IReadOnlyDictionary<string, Agreement> ByRule, IReadOnlyDictionary<ReviewVerdict, int> Verdicts)
{
    /// <summary>Seed of the interval's bootstrap: fixed, so that the same reviews give the same figures.</summary>
    public const int Seed = 20110125;

    /// <summary>Krippendorff's alpha, nominal over agree, disagree and unsure; a member who did not judge a thing is a missing value.</summary>
    public static ReviewAgreement Of(IReadOnlyList<Review> reviews)
    {
        ArgumentNullException.ThrowIfNull(reviews);
        var counting = reviews.Where(r => r.Counts).ToList();
        return new(
            Alpha(counting), Alpha(counting.Where(r => r.Rule is null)),
            counting.Where(r => r.Rule is not null).GroupBy(r => r.Rule!).OrderBy(g => g.Key, StringComparer.Ordinal)
                .ToDictionary(g => g.Key, Alpha, StringComparer.Ordinal),
            Enum.GetValues<ReviewVerdict>().ToDictionary(v => v, v => counting.Count(r => r.Verdict == v)));
    }

    private static Agreement Alpha(IEnumerable<Review> reviews) => KrippendorffAlpha.NominalWithInterval(
        [.. reviews.GroupBy(r => (r.AnswerId, r.Rule, r.Target)).Select(g => g.Select(r => (string?)ReviewDraft.Word(r.Verdict)).ToList())], Seed);
}
