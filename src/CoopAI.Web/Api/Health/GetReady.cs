using CoopAI.Adapters.Qdrant;
using CoopAI.Core.Retrieval;
using CoopAI.Orchestration.Ingesting;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CoopAI.Web.Api.Health;

/// <summary><c>GET /health/ready</c>: the corpus is loaded and the passage store answers.</summary>
public static class GetReady
{
    public static RouteHandlerBuilder Map(RouteGroupBuilder health) =>
        health.MapGet("/ready", HandleAsync).WithName(nameof(GetReady)).ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    /// <param name="Status">"ready"; "fallback": the configured store is away and searches are answered without it.</param>
    /// <param name="Store">The store that answers searches now.</param>
    /// <param name="Advice">What whoever runs the service should know of the store, or null.</param>
    public sealed record Response(string Status, string Store, long CaseStudies, long Passages, string? Advice = null);

    internal static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(CorpusService corpus, SearchCorpus search, IPassageStore store, RetrievalOptions retrieval, CancellationToken ct)
    {
        if (corpus.FirstLoad is { } load)
        {
            return TypedResults.Problem(statusCode: StatusCodes.Status503ServiceUnavailable, type: "/problems/loading", title: FormattableString.Invariant($"{load.Done} of {load.Total} loaded."),
                detail: "The shipped case studies are being loaded for the first time. Come back in a minute.");
        }

        var index = await search.CurrentAsync(ct);
        if (index.CaseStudies.Count == 0)
        {
            return TypedResults.Problem(
                statusCode: StatusCodes.Status503ServiceUnavailable, type: "/problems/no-corpus", title: "No case study is loaded.", detail: "Load some: coopai ingest corpus/case-studies.jsonl");
        }

        try
        {
            if (store is QdrantPassageStore qdrant && await qdrant.FindFaultAsync(ct) is { } fault) throw fault;
            var status = await store.GetStatusAsync(ct);
            // As a search would say it.
            if (status.Passages == 0) throw new PassageStoreUnavailableException(PassageStoreFault.NotBuilt, $"The passage store '{store.Name}' holds nothing. Build its index: coopai index rebuild.");
            return TypedResults.Ok(new Response("ready", status.Store, index.CaseStudies.Count, status.Passages, status.Advice));
        }
        catch (PassageStoreUnavailableException) when (retrieval.FallBack)
        {
            return TypedResults.Ok(new Response("fallback", StoreUse.Embedded, index.CaseStudies.Count, index.CaseStudies.Sum(c => (long)c.Passages.Count)));
        }
    }
}
