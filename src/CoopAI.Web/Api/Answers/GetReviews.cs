using CoopAI.Adapters.Sqlite;
using CoopAI.Core.Reviews;
using CoopAI.Orchestration.Reviewing;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CoopAI.Web.Api.Answers;

/// <summary><c>GET /api/answers/{id}/reviews</c>: what members said of one answer, oldest first, replaced reviews included.</summary>
public static class GetReviews
{
    public static RouteHandlerBuilder Map(RouteGroupBuilder answers) =>
        answers.MapGet("/{id}/reviews", Handle).WithName(nameof(GetReviews)).ProducesProblem(StatusCodes.Status404NotFound);

    public sealed record Response(IReadOnlyList<Review> Reviews);

    internal static Results<Ok<Response>, ProblemHttpResult> Handle(string id, ReviewBook reviews, SqliteLedger ledger) =>
        ledger.ReceiptForAnswer(id) is null ? Unknown() : TypedResults.Ok(new Response(reviews.Of(id)));

    internal static ProblemHttpResult Unknown() => TypedResults.Problem(
        statusCode: StatusCodes.Status404NotFound, type: "/problems/unknown-answer", title: "There is no answer of this id.", detail: "Find answers with GET /api/ledger?kind=answer.");
}
