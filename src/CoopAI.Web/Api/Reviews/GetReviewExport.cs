using System.Text;
using CoopAI.Core.Reviews;
using CoopAI.Orchestration.Reviewing;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CoopAI.Web.Api.Reviews;

/// <summary><c>GET /api/reviews</c>: every review as JSON, or with <c>?format=csv</c> as a table for a spreadsheet.</summary>
public static class GetReviewExport
{
    public static RouteHandlerBuilder Map(RouteGroupBuilder reviews) =>
        reviews.MapGet("/", Handle).WithName(nameof(GetReviewExport)).ProducesProblem(StatusCodes.Status400BadRequest)
            .AddOpenApiOperationTransformer((operation, _, _) =>
            {
                operation.Responses!["200"].Content!["text/csv"] = new();
                return Task.CompletedTask;
            });

    public sealed record Response(IReadOnlyList<Review> Reviews);

    internal static Results<Ok<Response>, FileContentHttpResult, ProblemHttpResult> Handle(ReviewBook reviews, string format = "json") => format switch
    {
        "json" => TypedResults.Ok(new Response(reviews.All())),
        "csv" => TypedResults.File(Encoding.UTF8.GetBytes(reviews.ExportCsv()), "text/csv; charset=utf-8", "reviews.csv"),
        _ => TypedResults.Problem(statusCode: StatusCodes.Status400BadRequest, title: "The request cannot be used.", detail: $"format: \"{format}\" is not known; write json or csv."),
    };
}
