using System.ComponentModel.DataAnnotations;
using CoopAI.Core.Reviews;
using CoopAI.Orchestration.Reviewing;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CoopAI.Web.Api.Reviews;

/// <summary><c>POST /api/reviews/samples</c>: draws the answers of a week to review. A week is drawn once: asked again, it gives the first draw.</summary>
public static class PostSample
{
    public static RouteHandlerBuilder Map(RouteGroupBuilder reviews) =>
        reviews.MapPost("/samples", Handle).WithName(nameof(PostSample)).ProducesProblem(StatusCodes.Status400BadRequest);

    /// <param name="Week">ISO week such as 2026-W47; left out: the last whole week.</param>
    /// <param name="Seed">Left out: drawn at random and recorded.</param>
    public sealed record Request(string? Week = null, [Range(1, ReviewSample.MaxSize)] int Size = ReviewSample.DefaultSize, [StringLength(ReviewSample.MaxSeed)] string? Seed = null);

    internal static Ok<ReviewSample> Handle(Request request, ReviewBook reviews) => TypedResults.Ok(reviews.Sample(request.Week, request.Size, request.Seed));
}
