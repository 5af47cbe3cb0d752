using CoopAI.Core.Briefs;
using CoopAI.Core.Cards;
using CoopAI.Core.Corpus;
using CoopAI.Core.Retrieval;
using CoopAI.Core.Tagging;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace CoopAI.Web.Api.CaseStudies;

/// <summary><c>GET /api/case-studies/{slug}</c>: one case study; its ETag is the hash of its content.</summary>
public static class GetCaseStudy
{
    public static RouteHandlerBuilder Map(RouteGroupBuilder caseStudies) =>
        caseStudies.MapGet("/{slug}", HandleAsync).WithName(nameof(GetCaseStudy))
            .Produces(StatusCodes.Status304NotModified).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status410Gone);

    /// <param name="Tags">Published, suggested and decided principles: three different things.</param>
    public sealed record Response(CaseStudy CaseStudy, PrincipleTags Tags, EvidenceCard Card, IReadOnlyList<Passage> Passages);

    internal static async Task<Results<Ok<Response>, ProblemHttpResult, StatusCodeHttpResult>> HandleAsync(
        string slug, HttpContext context, SearchCorpus corpus, ITagBook tags, ICaseStudyHistory history, CancellationToken ct)
    {
        if ((await corpus.CurrentAsync(ct)).Find(slug) is not { } found) return Gone(slug, history) ?? NotFound(slug);
        var caseStudy = found.CaseStudy;
        var tagsOf = tags.TagsOf([caseStudy])[slug];
        var etag = ETagOf(caseStudy, tags);
        context.Response.GetTypedHeaders().ETag = etag;
        if (context.Request.GetTypedHeaders().IfNoneMatch is { Count: > 0 } known && known.Any(k => k.Compare(etag, useStrongComparison: false) || k.Equals(EntityTagHeaderValue.Any)))
            return TypedResults.StatusCode(StatusCodes.Status304NotModified);
        return TypedResults.Ok(new Response(caseStudy, tagsOf, EvidenceCards.Of(caseStudy), found.Passages));
    }

    /// <summary>Decisions change the answer without changing the text, so they are part of the tag.</summary>
    internal static EntityTagHeaderValue ETagOf(CaseStudy caseStudy, ITagBook tags) =>
        new($"\"{caseStudy.ContentHash[..16]}-{Tags(tags.TagsOf([caseStudy])[caseStudy.Slug])}\"");

    /// <summary>What to say of a case study that was withdrawn, or that is the story of another; null: neither.</summary>
    private static ProblemHttpResult? Gone(string slug, ICaseStudyHistory history) =>
        history.Latest(slug) is { State: CaseStudyState.Withdrawn } gone
            ? TypedResults.Problem(
                statusCode: StatusCodes.Status410Gone, type: "/problems/withdrawn", title: "The case study was withdrawn.",
                detail: $"\"{slug}\" was withdrawn on {gone.At.ToString("d MMMM yyyy", System.Globalization.CultureInfo.InvariantCulture)}{(gone.By.Reason is { } why ? $": {why}" : "")}.")
            : history.Twins().TryGetValue(slug, out var twin)
                ? TypedResults.Problem(statusCode: StatusCodes.Status404NotFound, type: "/problems/same-story", title: "This is the story of another case study.", detail: $"\"{slug}\" tells the story of \"{twin}\", and counts as that one.")
                : null;

    internal static ProblemHttpResult NotFound(string slug) => TypedResults.Problem(
        statusCode: StatusCodes.Status404NotFound, type: "/problems/unknown-case-study", title: "There is no case study of this name.",
        detail: $"No case study is named \"{slug}\". Find names with GET /api/case-studies?q=…");

    private static string Tags(PrincipleTags tags) =>
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(string.Join(' ', tags.Suggested.Append("|").Concat(tags.Decided)))))[..8];
}
