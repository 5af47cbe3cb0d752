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
        ["scope"] = s => new ScopeChecker(s),
        ["relevance"] = s => new RelevanceChecker(s),
    };

    /// <summary>Every check type there is.</summary>
    public static IReadOnlyCollection<string> Types => ByType.Keys;

    /// <summary>The checker with its settings read.</summary>
    /// <exception cref="BadInputException">A setting or list is wrong.</exception>
    public static IRuleChecker Create(string type, RuleSettings settings) => ByType[type](settings);
}
