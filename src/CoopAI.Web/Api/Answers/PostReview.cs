using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using CoopAI.Adapters.Sqlite;
using CoopAI.Core.Reviews;
using CoopAI.Orchestration.Reviewing;
using CoopAI.Web.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CoopAI.Web.Api.Answers;

/// <summary><c>POST /api/answers/{id}/reviews</c>: a member agrees, disagrees or is unsure, about the answer or about one rule's verdict.</summary>
public static class PostReview
{
    public static RouteHandlerBuilder Map(RouteGroupBuilder answers) =>
        answers.MapPost("/{id}/reviews", Handle).WithName(nameof(PostReview))
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);

    /// <param name="Member">Name, 1 to 200 characters; where people sign in, whoever signed in counts instead.</param>
    /// <param name="Verdict">agree, disagree or unsure.</param>
    /// <param name="Rule">Such as VG06; left out: the answer as a whole.</param>
    /// <param name="Target">Which of the rule's results, such as sentence:2; left out: all of them.</param>
    /// <param name="Reason">Up to 2,000 characters; required for a disagreement.</param>
    public sealed record Request(
        [Required, StringLength(ReviewDraft.MaxName)] string Member, ReviewVerdict Verdict, string? Rule = null, string? Target = null,
        [StringLength(ReviewDraft.MaxReason)] string? Reason = null);

    internal static Results<Created<Review>, ProblemHttpResult> Handle(string id, Request request, ReviewBook reviews, SqliteLedger ledger, ClaimsPrincipal user) =>
        ledger.ReceiptForAnswer(id) is null ? GetReviews.Unknown()
            : TypedResults.Created($"/api/answers/{id}/reviews", reviews.Add(new(id, Roles.NameOf(user, request.Member), request.Verdict, request.Rule, request.Target, request.Reason)));
}
