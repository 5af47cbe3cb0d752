using System.ComponentModel.DataAnnotations;
using CoopAI.Core.Tagging;
using CoopAI.Orchestration.Tagging;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CoopAI.Web.Api.Tags;

/// <summary><c>GET /api/tags/queue?top=N</c>: undecided tags of the corpus, most uncertain first.</summary>
public static class GetTagQueue
{
    public static RouteHandlerBuilder Map(RouteGroupBuilder tags) => tags.MapGet("/queue", HandleAsync).WithName(nameof(GetTagQueue)).ProducesValidationProblem();

    /// <param name="Total">Undecided tags in all.</param>
    public sealed record Response(int Total, IReadOnlyList<QueuedTag> Tags);

    internal static async Task<Ok<Response>> HandleAsync(CorpusTags corpusTags, CancellationToken ct, [Range(1, 10_000)] int top = 50)
    {
        var queue = await corpusTags.GetQueueAsync(ct);
        return TypedResults.Ok(new Response(queue.Count, [.. queue.Take(top)]));
    }
}
