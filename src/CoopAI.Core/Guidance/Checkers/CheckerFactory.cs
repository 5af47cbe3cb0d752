namespace CoopAI.Core.Guidance.Checkers;

/// <summary>Check types by the names used in <c>framework.yaml</c>.</summary>
internal static class CheckerFactory
{
    private static readonly Dictionary<string, Func<RuleSettings, IReadOnlyDictionary<string, string>, IRuleChecker>> ByType = new(StringComparer.Ordinal)
    {
        ["source"] = (s, _) => new GroundingChecker("VG01", s),
        ["numbers"] = (s, _) => new GroundingChecker("VG02", s),
        ["councils-and-quotes"] = (s, _) => new GroundingChecker("VG03", s),
        ["evidence"] = (s, _) => new EvidenceChecker(s),
        ["overclaim"] = (s, _) => new OverclaimChecker(s),
        ["personal-data"] = (s, _) => new PersonalDataChecker(s),
        ["individual-decision"] = (s, _) => new IndividualDecisionChecker(s),
        ["party-politics"] = (s, _) => new PartyPoliticsChecker(s),
        ["election"] = (s, _) => new ElectionChecker(s),
        ["injection"] = (s, _) => new InjectionChecker(s),
        ["notice"] = (s, _) => new NoticeChecker(s),
        ["plain-english"] = (s, _) => new PlainEnglishChecker(s),
        ["accessibility"] = (s, _) => new AccessibilityChecker(s),
        ["tags"] = (s, _) => new TagChecker(s),
        ["voices"] = (s, _) => new VoicesChecker(s),
        ["equality"] = (s, _) => new EqualityChecker(s),
        ["jobs"] = (s, _) => new JobsChecker(s),
        ["range"] = (s, _) => new RangeChecker(s),
        ["age"] = (s, _) => new AgeChecker(s),
        ["record"] = (s, _) => new RecordChecker(s),
    };

    // In the order of the rules, VG01 first.
    private static readonly string[] ByRule =
    [
        "source", "numbers", "councils-and-quotes", "evidence", "overclaim", "personal-data", "individual-decision", "party-politics", "election", "injection",
        "notice", "plain-english", "accessibility", "tags", "voices", "equality", "jobs", "range", "age", "record",
    ];

    /// <summary>The check type that belongs to a rule id.</summary>
    public static string TypeOf(string id) => ByRule[int.Parse(id.AsSpan(2), System.Globalization.CultureInfo.InvariantCulture) - 1];

    public static IEnumerable<string> Types => ByType.Keys.Order(StringComparer.Ordinal);

    /// <summary>The checker with its settings read, or null for an unknown type.</summary>
    /// <exception cref="BadInputException">A setting or list is wrong.</exception>
    public static IRuleChecker? Create(string type, RuleSettings settings, IReadOnlyDictionary<string, string> says) =>
        ByType.TryGetValue(type, out var create) ? create(settings, says) : null;
}
