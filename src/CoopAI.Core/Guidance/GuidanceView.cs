using CoopAI.Core.Verdicts;

namespace CoopAI.Core.Guidance;

/// <summary>The framework as both doors show it.</summary>
/// <param name="Version">What goes into every result.</param>
/// <param name="Hash">SHA-256 over all files.</param>
/// <param name="Files">SHA-256 by file name.</param>
/// <param name="Order">Rule ids in running order, by stage.</param>
/// <param name="ElectionDates">"loaded" or "not loaded".</param>
public sealed record GuidanceView(
    string Name, string Label, string Version, string Hash, string ElectionDates,
    IReadOnlyDictionary<string, IReadOnlyList<string>> Order, IReadOnlyList<RuleView> Rules, IReadOnlyDictionary<string, string> Files)
{
    public static GuidanceView Of(GuidanceFramework framework)
    {
        ArgumentNullException.ThrowIfNull(framework);
        return new GuidanceView(
            framework.Name,
            framework.Label,
            framework.Version,
            framework.Hash,
            framework.ElectionDates.Count > 0 ? "loaded" : "not loaded",
            Enum.GetValues<Stage>().ToDictionary(s => s.ToString().ToLowerInvariant(), framework.OrderOf, StringComparer.Ordinal),
            [.. framework.Rules.Select(RuleView.Of)],
            framework.FileHashes);
    }
}

/// <summary>One rule as both doors show it.</summary>
/// <param name="On">False: switched off, for <paramref name="OffReason"/>.</param>
/// <param name="OnFail">Actions by stage or special case.</param>
/// <param name="Says">Fixed lines of the service.</param>
public sealed record RuleView(
    string Id, string Name, string Check, IReadOnlyList<Stage> Stages, string Severity, bool On, string? OffReason, bool CanBeSwitchedOff,
    IReadOnlyDictionary<string, IReadOnlyList<RuleAction>> OnFail, IReadOnlyDictionary<string, object> Settings, IReadOnlyDictionary<string, string> Says,
    IReadOnlyList<string> FromCcin, IReadOnlyList<RuleOrigin> FromOutside, string How, string Shows, string Limit)
{
    public static RuleView Of(RuleDefinition rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        return new RuleView(
            rule.Id, rule.Name, rule.Check, rule.Stages, rule.Severity, rule.On, rule.OffReason, rule.CanBeSwitchedOff, rule.OnFail, rule.Settings, rule.Says,
            rule.FromCcin, rule.FromOutside, rule.How, rule.Shows, rule.Limit);
    }
}
