using CoopAI.Core.Guidance;
using CoopAI.Core.Verdicts;

namespace CoopAI.Web.Pages.Audit;

/// <summary>A verdict as members see it: told apart by colour, sign and word, so that no one of them carries the meaning alone.</summary>
/// <param name="Rank">0 first: what to look at before the rest.</param>
/// <param name="Icon">One character, hidden from screen readers: the word says the same.</param>
public sealed record VerdictSign(int Rank, string Word, string Icon, string Colour)
{
    public static VerdictSign Withheld { get; } = new(0, "Withheld", "✕", "govuk-tag--red");

    public static VerdictSign Warning { get; } = new(1, "Warning", "!", "govuk-tag--orange");

    public static VerdictSign CouldNotCheck { get; } = new(2, "Could not check", "?", "govuk-tag--purple");

    public static VerdictSign Pass { get; } = new(3, "Pass", "✓", "govuk-tag--green");

    public static VerdictSign NotApplicable { get; } = new(4, "Does not apply", "–", "govuk-tag--grey");

    public static VerdictSign Of(RuleResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return result.Status switch
        {
            RuleStatus.Fail => result.Action is RuleAction.Block or RuleAction.Quarantine or RuleAction.Withhold or RuleAction.Redact or RuleAction.DropTag ? Withheld : Warning,
            RuleStatus.CouldNotCheck => CouldNotCheck,
            RuleStatus.Pass => Pass,
            _ => NotApplicable,
        };
    }
}

/// <summary>What rules are for, as members sort them.</summary>
public static class RulePurposes
{
    private static readonly Dictionary<string, string> Of20 = new(StringComparer.Ordinal)
    {
        ["VG01"] = Evidence,
        ["VG02"] = Evidence,
        ["VG03"] = Evidence,
        ["VG04"] = Evidence,
        ["VG05"] = Evidence, ["VG22"] = Evidence,
        ["VG06"] = Protection,
        ["VG07"] = Protection,
        ["VG08"] = Protection,
        ["VG09"] = Protection,
        ["VG10"] = Protection,
        ["VG21"] = Protection,
        ["VG11"] = Openness,
        ["VG12"] = Openness,
        ["VG13"] = Openness,
        ["VG20"] = Openness,
        ["VG14"] = CoOperation,
        ["VG15"] = CoOperation,
        ["VG16"] = CoOperation,
        ["VG17"] = CoOperation,
        ["VG18"] = CoOperation,
        ["VG19"] = CoOperation,
    };

    private const string Evidence = "Is it true to the evidence?", Protection = "Does it protect people and keep to its task?",
        Openness = "Is it open and easy to read?", CoOperation = "Does it keep co-operative values in view?", Other = "Other rules";

    /// <summary>In the order in which pages show them.</summary>
    public static IReadOnlyList<string> All { get; } = [Evidence, Protection, CoOperation, Openness, Other];

    /// <summary>One of <see cref="All"/>.</summary>
    public static string Of(string rule) => Of20.GetValueOrDefault(rule, Other);
}
