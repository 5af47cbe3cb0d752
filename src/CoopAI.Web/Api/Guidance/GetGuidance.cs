using CoopAI.Core.Guidance;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;

namespace CoopAI.Web.Api.Guidance;

/// <summary><c>GET /api/guidance</c>: the rules in force, with settings, origins and version. The version's hash is the entity tag.</summary>
public static class GetGuidance
{
    public static RouteHandlerBuilder Map(RouteGroupBuilder guidance) =>
        guidance.MapGet("/", Handle).WithName(nameof(GetGuidance)).Produces(StatusCodes.Status304NotModified);

    internal static Results<Ok<GuidanceView>, StatusCodeHttpResult> Handle([FromServices] GuidanceFramework framework, HttpContext http)
    {
        var tag = new EntityTagHeaderValue($"\"{framework.Hash}\"");
        http.Response.GetTypedHeaders().ETag = tag;
        return http.Request.GetTypedHeaders().IfNoneMatch.Any(t => t.Compare(tag, useStrongComparison: false))
            ? TypedResults.StatusCode(StatusCodes.Status304NotModified)
            : TypedResults.Ok(GuidanceView.Of(framework));
    }
}
