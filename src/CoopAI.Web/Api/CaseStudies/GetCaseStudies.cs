using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using CoopAI.Core;
using CoopAI.Core.Briefs;
using CoopAI.Core.Corpus;
using CoopAI.Core.Principles;
using CoopAI.Core.Retrieval;
using CoopAI.Core.Tagging;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace CoopAI.Web.Api.CaseStudies;

/// <summary><c>GET /api/case-studies</c>: searches with <c>q</c>, lists without; the same fields as <c>coopai search --json</c>.</summary>
public static class GetCaseStudies
{
    public const int MaxPageSize = 100;

    public static RouteHandlerBuilder Map(RouteGroupBuilder caseStudies) =>
        caseStudies.MapGet("/", HandleAsync).WithName(nameof(GetCaseStudies)).ProducesProblem(StatusCodes.Status400BadRequest);

    /// <param name="Q">A question or a few words, 1 to 2,000 characters; left out: everything, by title.</param>
    /// <param name="Principle">Ids of principles, any of them.</param>
    /// <param name="Council">Councils, leading or taking part, any of them.</param>
    /// <param name="Year">2019, 2018..2022, 2020.. or ..2019.</param>
    /// <param name="Page">From 1.</param>
    public sealed record Query(
        [property: FromQuery(Name = "q"), StringLength(Core.Briefs.Question.MaxLength)] string? Q,
        [property: FromQuery(Name = "principle")] string[]? Principle,
        [property: FromQuery(Name = "council")] string[]? Council,
        [property: FromQuery(Name = "year")] string? Year,
        [property: FromQuery(Name = "topic")] string[]? Topic,
        [property: FromQuery(Name = "kind")] string[]? Kind,
        [property: FromQuery(Name = "page"), Range(1, 10_000), DefaultValue(1)] int Page = 1,
        [property: FromQuery(Name = "pageSize"), Range(1, MaxPageSize), DefaultValue(20)] int PageSize = 20)
    {
        /// <exception cref="BadInputException">An unknown principle or a year that is none.</exception>
        public SearchFilter Filter()
        {
            var (from, to) = YearRange.Parse(Year);
            return new SearchFilter(Principle, Council, from, to, Kind, Topic).Checked();
        }
    }

    /// <param name="Total">Hits on all pages.</param>
    /// <param name="Store">The passage store that answered a search; null: the list was browsed.</param>
    public sealed record Response(
        string? Query, int Page, int PageSize, int Total, IReadOnlyList<SearchView.Hit> Hits, IReadOnlyList<SearchView.NearMiss> NearMisses, SearchFacets Facets, string? Store);

    internal static async Task<Ok<Response>> HandleAsync([AsParameters] Query query, Retriever retriever, ITagBook tags, CancellationToken ct)
    {
        var result = string.IsNullOrWhiteSpace(query.Q)
            ? await retriever.BrowseAsync(query.Filter(), ct)
            : await retriever.SearchAsync(new SearchRequest(query.Q, query.Filter(), RetrievalOptions.MaxTop), ct);
        var view = SearchView.Of(result with { Hits = [.. result.Hits.Skip((query.Page - 1) * query.PageSize).Take(query.PageSize)] }, tags);
        return TypedResults.Ok(new Response(query.Q, query.Page, query.PageSize, result.Hits.Count, view.Hits, view.NearMisses, view.Facets, view.Store));
    }
}
