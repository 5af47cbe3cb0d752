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

    public sealed record Response(string Status, string Store, long CaseStudies, long Passages);

    internal static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(CorpusService corpus, IPassageStore store, CancellationToken ct)
    {
        if (corpus.FirstLoad is { } load)
        {
            return TypedResults.Problem(statusCode: StatusCodes.Status503ServiceUnavailable, type: "/problems/loading", title: FormattableString.Invariant($"{load.Done} of {load.Total} loaded."),
                detail: "The shipped case studies are being loaded for the first time. Come back in a minute.");
        }

        var index = await corpus.RefreshAsync(ct);
        // The exception becomes a 503 with Retry-After where every other one does.
        if (store is QdrantPassageStore qdrant && await qdrant.FindFaultAsync(ct) is { } fault) throw fault;
        var status = await store.GetStatusAsync(ct);
        return index.CaseStudies.Count == 0
            ? TypedResults.Problem(statusCode: StatusCodes.Status503ServiceUnavailable, type: "/problems/no-corpus", title: "No case study is loaded.", detail: "Load some: coopai ingest corpus/case-studies.jsonl")
            : TypedResults.Ok(new Response("ready", status.Store, index.CaseStudies.Count, store is QdrantPassageStore ? status.Passages : index.CaseStudies.Sum(c => (long)c.Passages.Count)));
    }
}
