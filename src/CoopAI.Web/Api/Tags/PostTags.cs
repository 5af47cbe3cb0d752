using System.ComponentModel.DataAnnotations;
using CoopAI.Core;
using CoopAI.Core.Corpus;
using CoopAI.Core.Guidance;
using CoopAI.Core.Tagging;
using CoopAI.Orchestration.Tagging;
using CoopAI.Web.Api.CaseStudies;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CoopAI.Web.Api.Tags;

/// <summary><c>POST /api/tags</c>: suggests principles for a text or for a stored case study; the same fields as <c>coopai tag --json</c>.</summary>
public static class PostTags
{
    public static RouteHandlerBuilder Map(RouteGroupBuilder tags) =>
        tags.MapPost("/", HandleAsync).WithName(nameof(PostTags)).ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);

    /// <param name="Text">Plain text or HTML; leave it out to tag a stored case study.</param>
    /// <param name="Title">Read with the text; optional.</param>
    /// <param name="Slug">A stored case study; leave it out to tag a text.</param>
    public sealed record Request([StringLength(1_000_000)] string? Text = null, [StringLength(CaseStudyReader.MaxTitleLength)] string? Title = null, [StringLength(CaseStudyReader.MaxSlugLength)] string? Slug = null);

    internal static async Task<Results<Ok<TagAnswer>, ProblemHttpResult>> HandleAsync(Request request, TrainedTagger trained, PersonalDataMask mask, CancellationToken ct)
    {
        if (request.Text is null == request.Slug is null) throw new BadInputException("Give either \"text\" or \"slug\": the text to tag, or the name of a stored case study.");
        if (request.Slug is { } slug) return await trained.GetTagsAsync(slug, ct) is { } tags ? TypedResults.Ok(TagAnswer.Of(tags)) : GetCaseStudy.NotFound(slug);
        return TypedResults.Ok(TagAnswer.Of(await trained.SuggestAsync(new TaggableText(null, request.Title ?? "", mask.Apply(request.Text!).Text), ct)));
    }
}
