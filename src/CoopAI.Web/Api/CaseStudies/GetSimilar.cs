using System.ComponentModel.DataAnnotations;
using CoopAI.Core.Corpus;
using CoopAI.Core.Retrieval;
using CoopAI.Core.Tagging;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Timeouts;

namespace CoopAI.Web.Api.CaseStudies;

/// <summary><c>GET /api/case-studies/{slug}/similar</c> and <c>POST /api/case-studies/similar</c>: case studies like a stored one, or like a draft.</summary>
public static class GetSimilar
{
    public static void Map(RouteGroupBuilder caseStudies)
    {
        caseStudies.MapGet("/{slug}/similar", HandleAsync).WithName(nameof(GetSimilar)).ProducesProblem(StatusCodes.Status404NotFound);
        caseStudies.MapPost("/similar", HandleDraftAsync).WithName("PostSimilar").WithMetadata(new RequestTimeoutAttribute(60_000)).ProducesProblem(StatusCodes.Status400BadRequest);
    }

    /// <param name="Text">The draft, 1 to 200,000 characters.</param>
    /// <param name="Title">Its title, if it has one.</param>
    /// <param name="Top">Case studies wanted, 1 to 100.</param>
    public sealed record Draft([Required, StringLength(200_000)] string Text, [StringLength(CaseStudyReader.MaxTitleLength)] string? Title = null, [Range(1, RetrievalOptions.MaxTop)] int Top = 10);

    public sealed record Response(string? SimilarTo, IReadOnlyList<SearchView.Hit> Hits);

    internal static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(
        string slug, SearchCorpus corpus, Retriever retriever, ITagBook tags, CancellationToken ct, [Range(1, RetrievalOptions.MaxTop)] int top = 10) =>
        (await corpus.CurrentAsync(ct)).Find(slug) is null
            ? GetCaseStudy.NotFound(slug)
            : TypedResults.Ok(new Response(slug, SearchView.HitsOf(retriever.Similar(slug, top), tags)));

    internal static async Task<Ok<Response>> HandleDraftAsync(Draft draft, Retriever retriever, CaseStudyIndexer indexer, ITagBook tags, CancellationToken ct)
    {
        var hits = await retriever.SimilarToDraftAsync(new CaseStudy { Slug = "draft", Title = draft.Title ?? "", Text = draft.Text }, indexer, draft.Top, ct);
        return TypedResults.Ok(new Response(null, SearchView.HitsOf(hits, tags)));
    }
}
