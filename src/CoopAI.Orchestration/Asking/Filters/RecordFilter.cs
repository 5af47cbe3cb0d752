using System.Text.Json;
using CoopAI.Core;
using CoopAI.Core.Briefs;
using CoopAI.Core.Guidance;
using CoopAI.Core.Ledger;
using CoopAI.Core.Ledger.Proof;
using CoopAI.Core.Monitoring;
using CoopAI.Core.Retrieval;
using CoopAI.Core.Tagging;
using Microsoft.SemanticKernel;

namespace CoopAI.Orchestration.Asking.Filters;

/// <summary>Before the answer is recorded: the rules on its record, at its place in the ledger. What cannot be recorded as they want is held, and that is recorded.</summary>
public sealed class RecordFilter(
    GuidanceRunner guidance, CoopKernel kernels, ITagBook tags, SearchCorpus corpus, AnsweringOptions options, CoopMetrics? metrics = null) : IFunctionInvocationFilter
{
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
        context.Arguments["entry"] = (LedgerPlace place) =>
        {
            answer = Checked(answer, run, place);
            return AnswerRecord.ToEntry(answer, run);
        };
        await next(context);
        run.Answer = answer with { Receipt = JsonSerializer.SerializeToElement(context.Result.GetValue<Receipt>(), CoopJson.Options) };
        metrics?.Record(run.Answer);
    }

    private Answer Checked(Answer answer, AskRun run, LedgerPlace place)
    {
        var record = AnswerRecord.UnderCheck(answer, run, place, corpus.Current);
        var @checked = guidance.Run(run.Context(Stage.Record, run.Question) with { Record = record });
        answer = answer with { Rules = [.. answer.Rules, .. @checked.Results] };
        return @checked.BlockedBy.Count == 0 ? answer : answer with
        {
            Outcome = Outcome.Held,
            Summary = @checked.Reply!,
            Sentences = [AnswerSentence.Service(@checked.Reply!)],
            Precedents = [],
            Tags = [],
        };
    }
}
