using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CoopAI.Web.Pages.Questions;

/// <summary><c>GET /progress/{form}</c>: the steps of the work on one form as server-sent events: <c>step</c> with its name, then <c>end</c>.</summary>
/// <remarks>The form's number is random and known to its sender alone. No event holds anything of the question.</remarks>
internal static class GetProgress
{
    public static IEndpointConventionBuilder Map(IEndpointRouteBuilder app) =>
        // It lasts as long as the work, whose own request has a limit.
        app.MapGet("/progress/{form}", Handle).WithName(nameof(GetProgress)).ExcludeFromDescription().DisableRequestTimeout();

    internal static Results<ServerSentEventsResult<string>, NotFound> Handle(string form, AnswerProgress progress, CancellationToken ct) =>
        OnceOnly.IsToken(form) ? TypedResults.ServerSentEvents(EventsAsync(form, progress, ct)) : TypedResults.NotFound();

    private static async IAsyncEnumerable<SseItem<string>> EventsAsync(string form, AnswerProgress progress, [EnumeratorCancellation] CancellationToken ct)
    {
        await foreach (var step in progress.FollowAsync(form, ct)) yield return new(step, "step");
        yield return new("", "end");
    }
}
