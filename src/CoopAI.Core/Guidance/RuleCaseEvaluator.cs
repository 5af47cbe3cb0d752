using CoopAI.Core.Verdicts;

namespace CoopAI.Core.Guidance;

/// <summary>Runs labelled cases through the rules. Pure: the same case gives the same prediction.</summary>
/// <param name="today">The day for cases that name none.</param>
public sealed class RuleCaseEvaluator(GuidanceRunner runner, DateOnly today)
{
    private static readonly string[] GroundingChecks = ["source", "numbers", "councils-and-quotes"];

    private string[] Grounded => [.. GroundingChecks.Select(c => runner.Framework.RuleOf(c)!.Id)];

    /// <summary>What the rules make of the case.</summary>
    /// <exception cref="BadInputException">The case names a rule that does not exist.</exception>
    public RuleCasePrediction Evaluate(RuleCase ruleCase)
    {
        ArgumentNullException.ThrowIfNull(ruleCase);
        var context = ContextOf(ruleCase);
        var rules = RulesOf(ruleCase, context);
        var outcome = runner.Run(context, rules);
        var verdicts = outcome.Results.Where(r => rules.Contains(r.Rule, StringComparer.Ordinal)).ToList();
        var stopping = verdicts.Where(r => r.Action is RuleAction.Block or RuleAction.Quarantine or RuleAction.Withhold or RuleAction.Redact).Select(r => r.Rule).Distinct(StringComparer.Ordinal).ToArray();
        // For "any" the question is whether something stops it; a flag or an added line does not.
        var status = ruleCase.Rule == "any" ? stopping.Length > 0 ? RuleStatus.Fail : RuleStatus.Pass : Gravest(verdicts);
        var statuses = verdicts.GroupBy(v => v.Rule, StringComparer.Ordinal).ToDictionary(g => g.Key, g => Gravest([.. g]), StringComparer.Ordinal);
        return new RuleCasePrediction(ruleCase.Id, ruleCase.Rule, status, stopping.Length > 0, stopping, statuses);
    }

    private static RuleStatus Gravest(IReadOnlyList<RuleResult> verdicts) =>
        verdicts.Any(v => v.Status == RuleStatus.Fail) ? RuleStatus.Fail
        : verdicts.Any(v => v.Status == RuleStatus.CouldNotCheck) ? RuleStatus.CouldNotCheck
        : verdicts.Any(v => v.Status == RuleStatus.Pass) ? RuleStatus.Pass : RuleStatus.NotApplicable;

    private string[] RulesOf(RuleCase ruleCase, RuleContext context)
    {
        if (ruleCase.Rule == "grounded") return Grounded;
        var order = runner.Framework.OrderOf(context.Stage);
        if (ruleCase.Rule != "any")
        {
            if (!runner.Framework.Rules.Any(r => r.Id == ruleCase.Rule)) throw new BadInputException($"Case {ruleCase.Id}: there is no rule '{ruleCase.Rule}'; it must be one of the framework's rules, grounded or any.");
            return [ruleCase.Rule];
        }

        // Rules whose input the case leaves out cannot say anything about it: without passages nothing was retrieved or cited,
        // without a notice there is none to judge, and one sentence alone is not a whole answer.
        return [.. order.Where(id => runner.Framework.Rule(id).Check switch
        {
            "source" or "numbers" or "councils-and-quotes" => context.Passages.Count > 0,
            "evidence" or "record" => false,
            "notice" => context.Notice is not null,
            _ => true,
        })];
    }

    private string? CheckOf(string id) => runner.Framework.Rules.FirstOrDefault(r => r.Id == id)?.Check;

    private RuleContext ContextOf(RuleCase ruleCase)
    {
        IReadOnlyList<RulePassage> passages = [.. (ruleCase.Passages ?? []).Select(p => new RulePassage(p.Id, p.Text, p.LeadMember, p.Partners, p.Year, p.Principles))];
        var stage = ruleCase.Stage;
        // A rule that does not run at the case's stage is run where it does.
        if (runner.Framework.Rules.FirstOrDefault(r => r.Id == ruleCase.Rule) is { } rule && !rule.Stages.Contains(stage)) stage = rule.Stages[^1];
        else if (ruleCase.Rule == "grounded") stage = Stage.Answer;

        // At "retrieved" the text is a passage, unless the rule weighs passages against a question.
        var weighs = CheckOf(ruleCase.Rule) is "evidence" or "range" or "age";
        if (stage == Stage.Retrieved && ruleCase.Text.Length > 0 && !weighs && !passages.Any(p => p.Text == ruleCase.Text))
            passages = [.. passages, new RulePassage("text", ruleCase.Text)];

        IReadOnlyList<ElectionWindow>? windows = ruleCase.Windows is not { Count: > 0 } ? null : [.. ruleCase.Windows.Select(w => new ElectionWindow(w.Council, w.From, w.To))];
        return new RuleContext
        {
            Stage = stage,
            Text = ruleCase.Text,
            Question = ruleCase.Question ?? (stage == Stage.Retrieved && weighs ? ruleCase.Text : null),
            Passages = passages,
            AsOf = ruleCase.AsOf ?? today,
            // Windows without an asker are meant for the asker.
            AskerCouncil = ruleCase.AskerCouncil ?? (windows is { Count: > 0 } && windows.All(w => w.Council == windows[0].Council) ? windows[0].Council : null),
            Windows = windows,
            Tags = [.. (ruleCase.Tags ?? []).Select(t => new RuleTag(t.Id, t.Basis, t.Source, t.Evidence))],
            Notice = ruleCase.Notice,
            NoticeText = CheckOf(ruleCase.Rule) == "notice" ? ruleCase.Text : null,
            Record = ruleCase.Record,
            Relevance = ruleCase.Relevance,
        };
    }
}
