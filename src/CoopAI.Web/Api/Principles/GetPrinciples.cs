using CoopAI.Adapters;
using CoopAI.Core.Corpus;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CoopAI.Web.Api.Principles;

/// <summary><c>GET /api/principles</c>: the ten co-operative principles and how many case studies publish each.</summary>
public static class GetPrinciples
{
    public static RouteHandlerBuilder Map(RouteGroupBuilder principles) =>
        principles.MapGet("/", HandleAsync).WithName(nameof(GetPrinciples));

    public sealed record Response(IReadOnlyList<Item> Principles);

    /// <param name="Published">Case studies whose page lists it.</param>
    public sealed record Item(string Id, int Published);

    internal static async Task<Ok<Response>> HandleAsync(CorpusService corpus, CancellationToken ct)
    {
        var index = await corpus.RefreshAsync(ct);
        return TypedResults.Ok(new Response([.. PrincipleIds.All.Select(id =>
            new Item(id, index.CaseStudies.Count(c => c.CaseStudy.Principles?.Contains(id, StringComparer.Ordinal) == true)))]));
    }
}
