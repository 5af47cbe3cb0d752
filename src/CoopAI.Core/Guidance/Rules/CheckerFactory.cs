using CoopAI.Core.Guidance.Rules.CoOperation;
using CoopAI.Core.Guidance.Rules.Evidence;
using CoopAI.Core.Guidance.Rules.Openness;
using CoopAI.Core.Guidance.Rules.Protection;

namespace CoopAI.Core.Guidance.Rules;

/// <summary>Check types by the names used in <c>framework.yaml</c>.</summary>
internal static class CheckerFactory
{
    private static readonly Dictionary<string, Func<RuleSettings, IRuleChecker>> ByType = new(StringComparer.Ordinal)
    {
        ["source"] = s => new GroundingChecker("VG01", s),
        ["numbers"] = s => new GroundingChecker("VG02", s),
        ["councils-and-quotes"] = s => new GroundingChecker("VG03", s),
        ["evidence"] = s => new EvidenceChecker(s),
        ["overclaim"] = s => new OverclaimChecker(s),
        ["personal-data"] = s => new PersonalDataChecker(s),
        ["individual-decision"] = s => new IndividualDecisionChecker(s),
        ["party-politics"] = s => new PartyPoliticsChecker(s),
        ["election"] = s => new ElectionChecker(s),
        ["injection"] = s => new InjectionChecker(s),
        ["notice"] = s => new NoticeChecker(s),
        ["plain-english"] = s => new PlainEnglishChecker(s),
        ["accessibility"] = s => new AccessibilityChecker(s),
        ["tags"] = s => new TagChecker(s),
        ["voices"] = s => new VoicesChecker(s),
        ["equality"] = s => new EqualityChecker(s),
        ["jobs"] = s => new JobsChecker(s),
        ["range"] = s => new RangeChecker(s),
        ["age"] = s => new AgeChecker(s),
        ["record"] = s => new RecordChecker(s),
    };

    // In the order of the rules, VG01 first.
    private static readonly string[] ByRule =
    [
        "source", "numbers", "councils-and-quotes", "evidence", "overclaim", "personal-data", "individual-decision", "party-politics", "election", "injection",
        "notice", "plain-english", "accessibility", "tags", "voices", "equality", "jobs", "range", "age", "record",
    ];

    /// <summary>The check type that belongs to a rule id.</summary>
    public static string TypeOf(string id) => ByRule[int.Parse(id.AsSpan(2), System.Globalization.CultureInfo.InvariantCulture) - 1];

    /// <summary>The checker with its settings read.</summary>
    /// <exception cref="BadInputException">A setting or list is wrong.</exception>
    public static IRuleChecker Create(string type, RuleSettings settings) => ByType[type](settings);
}
