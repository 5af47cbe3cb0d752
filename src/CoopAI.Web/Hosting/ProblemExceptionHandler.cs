using CoopAI.Adapters.Models;
using CoopAI.Core;
using CoopAI.Core.Briefs;
using CoopAI.Core.Guidance;
using CoopAI.Core.Questions;
using CoopAI.Core.Retrieval;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Diagnostics;

namespace CoopAI.Web.Hosting;

/// <summary>Turns what nobody expected into problem details, in one place; for people the error page follows with the same status.</summary>
internal sealed partial class ProblemExceptionHandler(IProblemDetailsService problems, PersonalDataMask mask, ILogger<ProblemExceptionHandler> log) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext context, Exception exception, CancellationToken ct)
    {
        var (status, title, detail) = exception switch
        {
            BadInputException e => (StatusCodes.Status400BadRequest, "The request cannot be used.", e.Message),
            DangerException e => (StatusCodes.Status422UnprocessableEntity, "Get help now.", e.Message),
            System.Text.RegularExpressions.RegexMatchTimeoutException => (StatusCodes.Status400BadRequest, "The text could not be checked.", "Checking it took too long. Shorten it, or take out what is no ordinary writing."),
            AnsweringOffException e => (StatusCodes.Status503ServiceUnavailable, "Answering is switched off.", e.Message),
            BadHttpRequestException e => (e.StatusCode, "The request cannot be read.", e.InnerException is System.Text.Json.JsonException j ? Body(j) : Parameter(e.Message)),
            AntiforgeryValidationException { InnerException: BadHttpRequestException e } => (e.StatusCode, "The request cannot be read.", e.Message),
            PassageStoreUnavailableException e => (StatusCodes.Status503ServiceUnavailable, "The passage store cannot be used now.", e.Message),
            ModelServiceException e => (StatusCodes.Status503ServiceUnavailable, "The model cannot be reached now.", e.Message),
            TimeoutException or TaskCanceledException when !context.RequestAborted.IsCancellationRequested =>
                (StatusCodes.Status504GatewayTimeout, "This took too long.", "It was stopped. Try again, or ask a shorter question."),
            OperationCanceledException when context.RequestAborted.IsCancellationRequested => (499, "The caller went away.", null),
            _ => (StatusCodes.Status500InternalServerError, "Something went wrong on our side.", "Try again. If it happens again, tell the person who runs this service and give the request id."),
        };
        context.Response.StatusCode = status;
        if (status == StatusCodes.Status500InternalServerError) Unexpected(log, exception);
        // People get the error page, which the host shows when nobody has handled the exception.
        // Decoded already: made a path of itself it would be decoded once more, and "%2500" would end in a fault.
        var path = context.Features.Get<IExceptionHandlerPathFeature>() is { } feature ? new PathString(feature.Path) : context.Request.Path;
        if (!CoopWeb.IsForMachines(path)) return false;
        // Without a time, waiting does not help: somebody has to change a setting or rebuild the index.
        if (exception is PassageStoreUnavailableException { RetryAfter: { } wait })
            context.Response.Headers.RetryAfter = ((int)Math.Ceiling(wait.TotalSeconds)).ToString(System.Globalization.CultureInfo.InvariantCulture);
        return await problems.TryWriteAsync(new()
        {
            HttpContext = context,
            Exception = exception,
            // A message may name what was typed: nothing personal is said again.
            ProblemDetails = { Status = status, Title = title, Detail = detail is null ? null : mask.Apply(detail).Text },
        });
    }

    // "Failed to bind parameter "Nullable<long> before" from "x"." names a type of this program, which nobody outside knows.
    private static string Parameter(string message)
    {
        var parts = message.Split('"');
        return message.StartsWith("Failed to bind parameter", StringComparison.Ordinal) && parts.Length >= 4
            ? $"{parts[1].Split(' ')[^1]}: \"{(parts[3].Length > 60 ? parts[3][..60] + "…" : parts[3])}\" cannot be used here; /openapi/v1.json says what it may be."
            : message;
    }

    // The serializer's own messages name types of this program.
    private static string Body(System.Text.Json.JsonException e)
    {
        const string Missing = "missing required properties including: ", Unknown = "The JSON property '";
        if (e.Message.IndexOf(Missing, StringComparison.Ordinal) is >= 0 and var at)
            return $"The body lacks what is required: {e.Message[(at + Missing.Length)..].Split('.')[0].Replace('\'', '"')}.";
        if (e.Message.StartsWith(Unknown, StringComparison.Ordinal) && e.Message.IndexOf("' could not be mapped", StringComparison.Ordinal) is >= 0 and var end)
            return $"The body has a field that is not known here: \"{e.Message[Unknown.Length..Math.Min(end, Unknown.Length + 60)]}\". Leave it out, or look for a slip; /openapi/v1.json names all fields.";
        return $"The body is not the JSON expected here: {Place(e)}";
    }

    private static string Place(System.Text.Json.JsonException e) =>
        FormattableString.Invariant($"line {(e.LineNumber ?? 0) + 1}, byte {(e.BytePositionInLine ?? 0) + 1}{(e.Path is { Length: > 1 } path ? $", at {path}" : "")}.");

    [LoggerMessage(Level = LogLevel.Error, Message = "A request ended with something that nobody expected")]
    private static partial void Unexpected(ILogger log, Exception exception);
}
