using CoopAI.Core.Verdicts;

namespace CoopAI.Core.Guidance;

/// <summary>An outside standard that a rule comes from.</summary>
public sealed record RuleOrigin(string Name, string? Address);

/// <summary>One rule as the framework's data defines it.</summary>
/// <param name="Check">Which checker runs it.</param>
/// <param name="Severity">"hard": the action always runs; "soft": it warns or adds a line.</param>
/// <param name="OnFail">Actions by stage or by special case, first one first.</param>
/// <param name="Says">Fixed line that the service adds or replies with, by case.</param>
public sealed record RuleDefinition(
    string Id,
    string Name,
    string Check,
    IReadOnlyList<Stage> Stages,
    string Severity,
    bool On,
    string? OffReason,
    bool CanBeSwitchedOff,
    IReadOnlyDictionary<string, IReadOnlyList<RuleAction>> OnFail,
    IReadOnlyDictionary<string, string> Says,
    IReadOnlyDictionary<string, object> Settings,
    IReadOnlyList<string> FromCcin,
    IReadOnlyList<RuleOrigin> FromOutside,
    string How,
    string Shows,
    string Limit)
{
    /// <summary>What a failure does at <paramref name="key"/> (a stage or a special case): the first action, or the one after "retry" when no new draft can be had.</summary>
    internal RuleAction ActionFor(string key, bool canRetry = false)
    {
        if (!OnFail.TryGetValue(key, out var actions)) return RuleAction.Flag;
        return actions[0] == RuleAction.Retry && !canRetry && actions.Count > 1 ? actions[1] : actions[0];
    }
}
