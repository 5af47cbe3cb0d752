using System.Collections.Concurrent;
using System.Text.Json;
using CoopAI.Adapters;
using CoopAI.Core;
using CoopAI.Core.Guidance;
using CoopAI.Core.Verdicts;

namespace CoopAI.Web.Pages.Audit;

/// <summary>A worked example of a rule, with what the rule in force says of it.</summary>
/// <param name="Kind">"pass", "fail" or "near-miss", as the specification calls it.</param>
/// <param name="Verdict">Of the rule in force: where it differs from <c>Case.Expect</c>, the rule was changed or misses the example.</param>
public sealed record RuleExample(string Kind, RuleCase Case, RuleStatus Verdict);

/// <summary>The worked examples of the rules. Safe for concurrent use; each rule's are judged once.</summary>
public sealed class RuleExamples(GuidanceRunner runner, TimeProvider clock)
{
    private readonly Lazy<ILookup<string, RuleCase>> _cases = new(() => File.ReadLines(ProductFiles.RuleExamples)
        .Where(l => l.Length > 0).Select(l => JsonSerializer.Deserialize<RuleCase>(l, CoopJson.Options)!).ToLookup(c => c.Rule, StringComparer.Ordinal));

    private readonly ConcurrentDictionary<(string Rule, string Version), IReadOnlyList<RuleExample>> _judged = new();

    /// <summary>The examples of a rule: one that passes, one that fails, one that is close. None for a rule that has none.</summary>
    public IReadOnlyList<RuleExample> Of(string rule) => _judged.GetOrAdd((rule, runner.Framework.Version), key =>
        [.. _cases.Value[key.Rule].Zip(Under(key.Rule, runner)).Select(p => new RuleExample(p.First.Id[(key.Rule.Length + 1)..], p.First, p.Second))]);

    /// <summary>What another version of the rules says of the same examples, in the same order.</summary>
    public IReadOnlyList<RuleStatus> Under(string rule, GuidanceRunner other)
    {
        var evaluator = new RuleCaseEvaluator(other, DateOnly.FromDateTime(clock.GetLocalNow().DateTime));
        return [.. _cases.Value[rule].Select(c => evaluator.Evaluate(c).Status)];
    }
}
