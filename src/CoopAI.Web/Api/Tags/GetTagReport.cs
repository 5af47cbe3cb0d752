using CoopAI.Orchestration.Tagging;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CoopAI.Web.Api.Tags;

/// <summary><c>GET /api/tags/report</c>: accuracy per principle, agreement of people, whether staff's decisions do good, and the label audit of the corpus.</summary>
public static class GetTagReport
{
    public static RouteHandlerBuilder Map(RouteGroupBuilder tags) => tags.MapGet("/report", HandleAsync).WithName(nameof(GetTagReport));

    internal static async Task<Ok<TagReport>> HandleAsync(CorpusTags corpusTags, CancellationToken ct)
    {
        return TypedResults.Ok(await corpusTags.GetReportAsync(ct));
    }
}
