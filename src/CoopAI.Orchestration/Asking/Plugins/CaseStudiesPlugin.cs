using CoopAI.Core.Briefs;
using CoopAI.Core.Retrieval;
using Microsoft.SemanticKernel;

namespace CoopAI.Orchestration.Asking.Plugins;

/// <summary>Looks into the case studies; reads only.</summary>
internal static class CaseStudiesPlugin
{
    /// <summary>Case studies that <c>similar</c> finds.</summary>
    private const int Similar = 10;

    /// <summary>Case studies kept beside those that are quoted, for "nearest" and for the auditor.</summary>
    private const int NearMisses = 5;

    public static KernelPlugin Create(Retriever retriever, EvidenceReader evidence, BriefModel model) => KernelPluginFactory.CreateFromFunctions(
        Step.Search.Plugin, "Case studies of councils and what they did.",
        [
            KernelFunctionFactory.CreateFromMethod(
                async (string question, KernelArguments arguments, SearchFilter? filter = null, CancellationToken ct = default) => arguments.GetValueOrDefault(Step.Part) is AskPart { Reading: not null } part
                    ? await WeighAsync(part, filter ?? SearchFilter.None, evidence, model, ct)
                    : await retriever.SearchAsync(new SearchRequest(question, filter, Facets: false), ct),
                Step.Search.Function, "Finds the case studies that answer a question."),
            KernelFunctionFactory.CreateFromMethod(
                (string slug) => retriever.Similar(slug, Similar), Step.Similar.Function, "Finds the case studies most like the one with this slug."),
        ]);

    // The questions of a message lean on one another, so they are looked up together, with the first.
    private static async Task<SearchResult> WeighAsync(AskPart part, SearchFilter filter, EvidenceReader evidence, BriefModel model, CancellationToken ct)
    {
        var run = part.Run;
        run.Evidence ??= await evidence.ReadAsync(run.Read!, filter, ct);
        part.Plan = run.Evidence.FirstOrDefault(e => ReferenceEquals(e.Part, part.Reading)) is { } found ? BriefPlanner.Plan(found, model, run.Parts.Count, [.. run.Parts.Take(part.Number).Select(p => p.Plan).OfType<PartPlan>()]) : null;
        return part.Plan is null ? SearchResult.Nothing(part.Question.Text, model.MayHelpFrom) with { Store = run.Evidence.Count > 0 ? run.Evidence[0].Store : null } : EvidenceReader.ToSearch(part.Plan, model, NearMisses);
    }
}
