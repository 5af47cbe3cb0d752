using CoopAI.Core.Tagging;
using CoopAI.Orchestration.Tagging;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Timeouts;

namespace CoopAI.Web.Api.Principles;

/// <summary><c>GET /api/principles/coverage</c>: precedents per principle, topic and year, and where the corpus is thin.</summary>
public static class GetCoverage
{
    public static RouteHandlerBuilder Map(RouteGroupBuilder principles) =>
        principles.MapGet("/coverage", HandleAsync).WithName(nameof(GetCoverage)).WithMetadata(new RequestTimeoutAttribute(60_000));

    internal static async Task<Ok<PrincipleCoverage>> HandleAsync(CorpusTags corpusTags, CancellationToken ct)
    {
        return TypedResults.Ok(await corpusTags.GetCoverageAsync(ct));
    }
}
