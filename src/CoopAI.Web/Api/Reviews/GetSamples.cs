using CoopAI.Core.Reviews;
using CoopAI.Orchestration.Reviewing;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CoopAI.Web.Api.Reviews;

/// <summary><c>GET /api/reviews/samples</c>: the weekly samples drawn so far, each with its seed, oldest first.</summary>
public static class GetSamples
{
    public static RouteHandlerBuilder Map(RouteGroupBuilder reviews) => reviews.MapGet("/samples", Handle).WithName(nameof(GetSamples));

    public sealed record Response(IReadOnlyList<ReviewSample> Samples);

    internal static Ok<Response> Handle(ReviewBook reviews) => TypedResults.Ok(new Response(reviews.Samples()));
}
