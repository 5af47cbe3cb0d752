using CoopAI.Core.Briefs;
using CoopAI.Core.Guidance;
using CoopAI.Core.Questions;
using CoopAI.Core.Verdicts;
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

    private static bool IsLetter(AskRun run) => run.Read is { } read && (read.Parts.Count > 1 || read.Asides.Any(a => a.Kind == AsideKind.Background));

    private static IReadOnlyList<string> Asked(AskRun run) => run.Read is not { Parts.Count: > 0 } read ? []
        : run.Question.Previous is not null ? [.. read.Parts.Select(p => p.Search)]
        // A greeting, a signature or a disclaimer around the question tells nothing of what is wanted.
        : IsLetter(run) || read.Asides.Count > 0 ? [.. read.Parts.Select(p => p.Asked)] : [];

    private void Check(AskRun run)
    {
        using var trace = AskTrace.Begin(nameof(QuestionFilter));
        // What stands beside the question goes into the record too.
        guidance.Framework.RefusePersonalData("council", run.Question.AskerCouncil);
        var filter = run.Question.Filter;
        foreach (var typed in (filter.Topics ?? []).Concat(filter.Councils ?? []).Concat(filter.Kinds ?? [])) guidance.Framework.RefusePersonalData("filter", typed);
        foreach (var reading in run.Question.Without) guidance.Framework.RefusePersonalData("reading", reading);
        guidance.Framework.RefusePersonalData("previous", run.Question.Previous);
        run.Report("Checking the question");
        var asked = guidance.Run(run.Keep(run.Context(Stage.Question, run.Question) with { Text = run.Question.Text, Asked = Asked(run), IsLetter = run.Question.Previous is null && IsLetter(run), AsksNothing = run.Read is { Nothing: NothingAsked.OnlyPolite or NothingAsked.NoTopic } }, 0));
        run.Rules.AddRange(asked.Results);
        // What holds personal data is kept nowhere, and what could not be checked for it may hold some.
        if (asked.BlockedBy.Count > 0) run.End(asked.OutOfScope ? Outcome.OutOfScope : Outcome.Held, asked.Reply!, forgetsQuestion: asked.HoldsPersonalData);
        else if (run.Read is { Nothing: not NothingAsked.No } read) run.End(Outcome.OutOfScope, string.Join(' ', read.Notes));
    }
}
