using CoopAI.Core.Retrieval;
using Microsoft.SemanticKernel;

namespace CoopAI.Orchestration.Asking.Plugins;

/// <summary>Looks into the case studies; reads only.</summary>
internal static class CaseStudiesPlugin
{
    /// <summary>Case studies that <c>similar</c> finds.</summary>
    private const int Similar = 10;

    public static KernelPlugin Create(Retriever retriever) => KernelPluginFactory.CreateFromFunctions(
        Step.Search.Plugin, "Case studies of councils and what they did.",
        [
            KernelFunctionFactory.CreateFromMethod(
                (string question, SearchFilter? filter = null, CancellationToken ct = default) => retriever.SearchAsync(new SearchRequest(question, filter, Facets: false), ct),
                Step.Search.Function, "Finds the case studies that answer a question."),
            KernelFunctionFactory.CreateFromMethod(
                (string slug) => retriever.Similar(slug, Similar), Step.Similar.Function, "Finds the case studies most like the one with this slug."),
        ]);
}
