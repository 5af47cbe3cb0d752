using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using CoopAI.Core;
using CoopAI.Core.Principles;
using CoopAI.Core.Retrieval;
using CoopAI.Core.Tagging;
using CoopAI.Orchestration.Tagging;
using CoopAI.Web.Security;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Timeouts;

namespace CoopAI.Web.Api.CaseStudies;

/// <summary><c>POST /api/case-studies/{slug}/tags</c>: staff accept, reject, add a tag or take their decision back. The next suggestion knows it.</summary>
public static class PostCaseStudyTags
{
    public static RouteHandlerBuilder Map(RouteGroupBuilder caseStudies) =>
        caseStudies.MapPost("/{slug}/tags", HandleAsync).WithName(nameof(PostCaseStudyTags)).WithMetadata(new RequestTimeoutAttribute(60_000))
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);

    /// <param name="Principle">One of the ten ids.</param>
    /// <param name="Decision">accepted, rejected, added or undone.</param>
    /// <param name="By">Who decides; where people sign in, whoever signed in counts instead.</param>
    /// <param name="Reason">Why; optional.</param>
    /// <param name="Sentence">The sentence of the text that shows it; optional.</param>
    public sealed record Request(
        [Required] string Principle, [Required] string Decision, [Required, StringLength(StaffDecision.MaxName)] string By,
        [StringLength(StaffDecision.MaxReason)] string? Reason = null, [StringLength(5000)] string? Sentence = null);

    internal static async Task<Results<Ok<TagAnswer>, ProblemHttpResult>> HandleAsync(string slug, Request request, SearchCorpus corpus, TagDesk tagDesk, ClaimsPrincipal user, CancellationToken ct)
    {
        if ((await corpus.CurrentAsync(ct)).Find(slug) is null) return GetCaseStudy.NotFound(slug);
        var by = Roles.NameOf(user, request.By);
        return TypedResults.Ok(TagAnswer.Of(request.Decision switch
        {
            "accepted" => await tagDesk.DecideAsync(slug, request.Principle, StaffVerdict.Accepted, by, request.Reason, request.Sentence, ct),
            "rejected" => await tagDesk.DecideAsync(slug, request.Principle, StaffVerdict.Rejected, by, request.Reason, request.Sentence, ct),
            "added" => await tagDesk.DecideAsync(slug, request.Principle, StaffVerdict.Added, by, request.Reason, request.Sentence, ct),
            "undone" => await tagDesk.UndoAsync(slug, request.Principle, by, ct),
            _ => throw new BadInputException($"\"decision\" is \"{request.Decision}\"; it must be accepted, rejected, added or undone."),
        }));
    }
}
