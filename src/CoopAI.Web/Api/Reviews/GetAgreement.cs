using CoopAI.Core.Reviews;
using CoopAI.Orchestration.Reviewing;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CoopAI.Web.Api.Reviews;

/// <summary><c>GET /api/reviews/agreement</c>: how far members agree with each other, as Krippendorff's alpha with its 95% interval.</summary>
public static class GetAgreement
{
    public static RouteHandlerBuilder Map(RouteGroupBuilder reviews) => reviews.MapGet("/agreement", Handle).WithName(nameof(GetAgreement));

    internal static Ok<ReviewAgreement> Handle(ReviewBook reviews) => TypedResults.Ok(reviews.Agreement());
}
