using CoopAI.Core.Guidance;
using CoopAI.Core.Retrieval;
using CoopAI.Core.Verdicts;
using Microsoft.SemanticKernel;

namespace CoopAI.Orchestration.Asking.Filters;

/// <summary>
/// Around functions that a model asks for: it may search and look for the like, <see cref="MostCalls"/> times, and nothing else. A result
/// that tries to give orders ends the exchange before the model reads it.
/// </summary>
public sealed class ReadOnlyToolsFilter(GuidanceRunner guidance, TimeProvider clock) : IAutoFunctionInvocationFilter
{
    /// <summary>Calls that a model may make for one draft.</summary>
    public const int MostCalls = 3;

    public async Task OnAutoFunctionInvocationAsync(AutoFunctionInvocationContext context, Func<AutoFunctionInvocationContext, Task> next)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(next);
        // Not by an exception: its text would go to the model.
        if (!Step.Search.Is(context.Function) && !Step.Similar.Is(context.Function)) End(context, "This function is not to be had.");
        else if (context.RequestSequenceIndex + context.FunctionSequenceIndex >= MostCalls) End(context, "No more searches.");
        else
        {
            await next(context);
            if (HoldsOrders(context.Result)) End(context, "What was found cannot be used.");
        }
    }

    private static void End(AutoFunctionInvocationContext context, string says)
    {
        context.Result = new FunctionResult(context.Result, says);
        context.Terminate = true;
    }

    private bool HoldsOrders(FunctionResult result)
    {
        var hits = result.GetValue<object>() switch
        {
            SearchResult found => found.Hits.Concat(found.NearMisses),
            IEnumerable<SearchHit> similar => similar,
            _ => [],
        };
        var read = new RuleContext
        {
            Stage = Stage.Retrieved,
            Passages = [.. hits.SelectMany(h => h.Passages.Select(p => RulePassage.Of(h.CaseStudy, p.Passage)))],
            AsOf = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime),
        };
        var outcome = guidance.Run(read, [.. guidance.Framework.Rules.Where(r => r.Check == "injection").Select(r => r.Id)]);
        return outcome.Quarantined.Count > 0 || outcome.BlockedBy.Count > 0;
    }
}
