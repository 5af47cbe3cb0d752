using CoopAI.Core.Briefs;
using CoopAI.Core.Cards;
using CoopAI.Core.Corpus;
using CoopAI.Core.Tagging;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;
using CoopAI.Core.Retrieval;

namespace CoopAI.Web.Api.CaseStudies;

/// <summary><c>GET /api/case-studies/{slug}</c>: one case study; its ETag is the hash of its content.</summary>
public static class GetCaseStudy
{
    public static RouteHandlerBuilder Map(RouteGroupBuilder caseStudies) =>
        caseStudies.MapGet("/{slug}", HandleAsync).WithName(nameof(GetCaseStudy))
            .Produces(StatusCodes.Status304NotModified).ProducesProblem(StatusCodes.Status404NotFound);

    /// <param name="Tags">Published, suggested and decided principles: three different things.</param>
    public sealed record Response(CaseStudy CaseStudy, PrincipleTags Tags, EvidenceCard Card, IReadOnlyList<Passage> Passages);

    internal static async Task<Results<Ok<Response>, ProblemHttpResult, StatusCodeHttpResult>> HandleAsync(
        string slug, HttpContext context, SearchCorpus corpus, ITagBook tags, CancellationToken ct)
    {
        if ((await corpus.CurrentAsync(ct)).Find(slug) is not { } found) return NotFound(slug);
        var caseStudy = found.CaseStudy;
        var tagsOf = tags.TagsOf([caseStudy])[slug];
        // Decisions change the answer without changing the text, so they are part of the tag.
        var etag = new EntityTagHeaderValue($"\"{caseStudy.ContentHash[..16]}-{Tags(tagsOf)}\"");
        context.Response.GetTypedHeaders().ETag = etag;
        if (context.Request.GetTypedHeaders().IfNoneMatch is { Count: > 0 } known && known.Any(k => k.Compare(etag, useStrongComparison: false) || k.Equals(EntityTagHeaderValue.Any)))
            return TypedResults.StatusCode(StatusCodes.Status304NotModified);
        return TypedResults.Ok(new Response(caseStudy, tagsOf, EvidenceCards.Of(caseStudy), found.Passages));
    }

    internal static ProblemHttpResult NotFound(string slug) => TypedResults.Problem(
        statusCode: StatusCodes.Status404NotFound, type: "/problems/unknown-case-study", title: "There is no case study of this name.",
        detail: $"No case study is named \"{slug}\". Find names with GET /api/case-studies?q=…");

    private static string Tags(PrincipleTags tags) =>
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(string.Join(' ', tags.Suggested.Append("|").Concat(tags.Decided)))))[..8];
}
