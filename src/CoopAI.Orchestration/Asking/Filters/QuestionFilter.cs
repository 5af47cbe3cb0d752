using CoopAI.Core.Briefs;
using CoopAI.Core.Guidance;
using CoopAI.Core.Questions;
using Microsoft.SemanticKernel;

namespace CoopAI.Orchestration.Asking.Filters;

/// <summary>Before the first search: the question rules on the whole message. What they stop is answered without a search.</summary>
public sealed class QuestionFilter(GuidanceRunner guidance) : IFunctionInvocationFilter
{
    public async Task OnFunctionInvocationAsync(FunctionInvocationContext context, Func<FunctionInvocationContext, Task> next)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(next);
        if (Step.Search.PartOf(context) is { Number: 0, Run: var run })
        {
            Check(run);
            if (run.Ended) return;
        }

        await next(context);
    }

    private void Check(AskRun run)
    {
        using var trace = AskTrace.Begin(nameof(QuestionFilter));
        run.Report("Checking the question");
        var asked = guidance.Run(run.Keep(run.Context(Stage.Question, run.Question) with { Text = run.Question.Text }, 0));
        run.Rules.AddRange(asked.Results);
        // What holds personal data is kept nowhere, and what could not be checked for it may hold some.
        var personal = asked.Results.Any(r => r is { Rule: "VG06", Status: RuleStatus.Fail or RuleStatus.CouldNotCheck });
        if (asked.BlockedBy.Count > 0) run.End(Outcome.Held, asked.Reply!, forgetsQuestion: personal);
        else if (Scope.Refusal(run.Question.Text) is { } refusal) run.End(Outcome.OutOfScope, refusal);
        else if (run.Read is { Nothing: not NothingAsked.No } read) run.End(Outcome.OutOfScope, string.Join(' ', read.Notes));
    }
}
