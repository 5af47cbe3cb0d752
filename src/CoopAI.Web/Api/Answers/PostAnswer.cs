using System.ComponentModel.DataAnnotations;
using CoopAI.Core.Briefs;
using CoopAI.Core.Retrieval;
using CoopAI.Orchestration.Asking;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Timeouts;

namespace CoopAI.Web.Api.Answers;

/// <summary><c>POST /api/answers</c>: answers one question from the case studies; the same fields as <c>coopai ask --json</c>.</summary>
public static class PostAnswer
{
    public static RouteHandlerBuilder Map(RouteGroupBuilder answers) =>
        answers.MapPost("/", HandleAsync).WithName(nameof(PostAnswer))
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status422UnprocessableEntity).ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    /// <param name="Question">1 to 2,000 characters.</param>
    /// <param name="Council">The asker's council: decides which pre-election period applies.</param>
    /// <param name="Previous">Id of an answer that this follows up: its question, filter and case studies are carried on.</param>
    /// <param name="Without">Readings that the asker does not want, as in <c>understood</c>: <c>council:NAME</c>, <c>place:NAME</c>, <c>topic:NAME</c>, <c>years</c>, <c>word:AS TYPED</c>.</param>
    public sealed record Request(
        [Required, StringLength(Core.Briefs.Question.MaxLength)] string Question, SearchFilter? Filter = null, [StringLength(200)] string? Council = null,
        [StringLength(64)] string? Previous = null, [MaxLength(50)] IReadOnlyList<string>? Without = null);

    internal static async Task<Created<Answer>> HandleAsync(Request request, HttpContext context, AskQuestion ask, CancellationToken ct)
    {
        var question = Core.Briefs.Question.Create(request.Question, request.Filter, request.Council, request.Previous, request.Without);
        var answer = await ask.AskAsync(question, ct: ct);
        // It is recorded now, so it must reach the asker whole even when the time is nearly up.
        context.Features.Get<IHttpRequestTimeoutFeature>()?.DisableTimeout();
        // The time may have run out while it was being recorded: a token that is already cancelled would cut the body short.
        context.RequestAborted = CancellationToken.None;
        return TypedResults.Created($"/api/answers/{answer.Id}", answer);
    }
}
