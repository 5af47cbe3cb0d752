using CoopAI.Core.Principles;
using CoopAI.Core.Retrieval;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CoopAI.Web.Api.Principles;

/// <summary><c>GET /api/principles</c>: the ten co-operative principles, when each is given as a tag, and how many case studies publish it.</summary>
public static class GetPrinciples
{
    public static RouteHandlerBuilder Map(RouteGroupBuilder principles) =>
        principles.MapGet("/", HandleAsync).WithName(nameof(GetPrinciples));

    public sealed record Response(IReadOnlyList<Item> Principles);

    /// <param name="Published">Case studies whose page lists it.</param>
    public sealed record Item(string Id, string Name, string Description, string TagWhen, string NotWhen, int Published);

    internal static async Task<Ok<Response>> HandleAsync(SearchCorpus corpus, PrincipleCatalogue catalogue, CancellationToken ct)
    {
        var index = await corpus.CurrentAsync(ct);
        return TypedResults.Ok(new Response([.. catalogue.Principles.Select(p =>
            new Item(p.Id, p.Name, p.Description, p.TagWhen, p.NotWhen, index.CaseStudies.Count(c => c.CaseStudy.Principles?.Contains(p.Id, StringComparer.Ordinal) == true)))]));
    }
}
