using Microsoft.AspNetCore.Http.HttpResults;

namespace CoopAI.Web.Transparency;

/// <summary><c>GET /about/transparency.json</c>: the transparency record for programs.</summary>
public static class GetTransparency
{
    public static RouteHandlerBuilder Map(IEndpointRouteBuilder app) => app.MapGet("/about/transparency.json", HandleAsync).WithName(nameof(GetTransparency)).WithTags("About");

    internal static async Task<Ok<TransparencyRecord>> HandleAsync(TransparencyRecords records, CancellationToken ct) => TypedResults.Ok(await records.CreateAsync(ct));
}
