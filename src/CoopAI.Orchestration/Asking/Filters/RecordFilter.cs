using System.Text.Json;
using CoopAI.Core;
using CoopAI.Core.Briefs;
using CoopAI.Core.Guidance;
using CoopAI.Core.Ledger;
using CoopAI.Core.Ledger.Proof;
using CoopAI.Core.Monitoring;
using CoopAI.Core.Retrieval;
using CoopAI.Core.Tagging;
using CoopAI.Core.Verdicts;
using Microsoft.SemanticKernel;

namespace CoopAI.Orchestration.Asking.Filters;

/// <summary>
/// Before the answer is recorded: the rules on the page and, at its place in the ledger, on its record. What cannot be recorded as they want is held,
/// and that is recorded. After it: the receipt is proven before anybody sees the answer.
/// </summary>
public sealed class RecordFilter(
    GuidanceRunner guidance, CoopKernel kernels, ITagBook tags, SearchCorpus corpus, ILedger ledger, AnsweringOptions options, CoopMetrics? metrics = null) : IFunctionInvocationFilter
{
    /// <summary>The check type of the rules that look at a page.</summary>
    internal const string PageCheck = "accessibility";

    public async Task OnFunctionInvocationAsync(FunctionInvocationContext context, Func<FunctionInvocationContext, Task> next)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(next);
        if (Step.Record.RunOf(context) is not { } run)
        {
            await next(context);
            return;
        }

        using var trace = AskTrace.Begin(nameof(RecordFilter));
        var answer = new BriefAssembly(run, kernels.Composer, guidance.Framework.Version, options).ToAnswer(tags);
        await CheckPageAsync(run, answer);
        run.Rules.AddRange(NotReached(run));
        answer = answer with { Rules = [.. run.Rules] };
        LedgerDraft? entry = null;
        context.Arguments["entry"] = (LedgerPlace place) =>
        {
            var record = AnswerRecord.UnderCheck(answer, run, place, corpus.Current, guidance.Framework);
            answer = Checked(answer, guidance.Run(run.Context(Stage.Record, run.Question) with { Record = record }));
            // Nobody may read two versions of the rules in one answer: it is asked again under the new one.
            if (answer.Rules.Select(r => r.Version).Distinct(StringComparer.Ordinal).Count() > 1) throw new GuidanceChangedException();
            return entry = AnswerRecord.ToEntry(answer, run, record);
        };
        await next(context);
        var receipt = context.Result.GetValue<Receipt>()!;
        AnswerRecord.Prove(receipt, entry!, ledger.PublicKey);
        run.Answer = answer with { Receipt = JsonSerializer.SerializeToElement(receipt, CoopJson.Options) };
        metrics?.Record(run.Answer);
    }

    private async Task CheckPageAsync(AskRun run, Answer answer)
    {
        if (run.Page is null) return;
        var html = await run.Page(answer);
        run.Rules.AddRange(guidance.Run(run.Context(Stage.Answer, run.Question) with { Html = html, OnlyChecks = [PageCheck] }).Results);
    }

    // A question that is stopped never reaches the later rules, and its record says so of each.
    private IEnumerable<RuleResult> NotReached(AskRun run) => guidance.Framework.Rules.Where(r => !r.Stages.Contains(Stage.Record) && !r.Stages.Any(run.Reached) && run.Rules.All(d => d.Rule != r.Id)).Select(r => new RuleResult(
        r.Id, guidance.Framework.Version, r.Stages[0], new RuleTarget("answer"), RuleStatus.NotApplicable, "The question was answered before it came as far as this rule.", []));

    private static Answer Checked(Answer answer, GuidanceOutcome outcome)
    {
        answer = answer with { Rules = [.. answer.Rules, .. outcome.Results] };
        return outcome.BlockedBy.Count == 0 ? answer : answer with
        {
            Outcome = Outcome.Held,
            Summary = outcome.Reply!,
            Sentences = [AnswerSentence.Service(outcome.Reply!)],
            Precedents = [],
            Tags = [],
            Nearest = [],
        };
    }
}
