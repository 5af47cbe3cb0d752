using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using System.Text;
using System.Text.Json;
using CoopAI.Core;
using CoopAI.Core.Corpus;
using CoopAI.Core.Guidance;
using CoopAI.Core.Tagging;
using CoopAI.Orchestration.Ingesting;
using CoopAI.Web.Security;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;

namespace CoopAI.Web.Api.CaseStudies;

/// <summary><c>POST /api/case-studies</c>, <c>PUT</c> and <c>DELETE /api/case-studies/{slug}</c>: staff add, edit and withdraw. The body is one case study as a line of JSON has it.</summary>
/// <remarks>PUT and DELETE name with <c>If-Match</c> the ETag that was read, or <c>*</c>: 428 without it, 412 when somebody changed the case study since.</remarks>
public static class ChangeCaseStudy
{
    public static void Map(RouteGroupBuilder caseStudies)
    {
        var timeout = new RequestTimeoutAttribute(60_000);
        caseStudies.MapPost("/{slug}/release", ReleaseAsync).WithName("ReleaseCaseStudy").RequireAuthorization(Policies.Tagging)
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
        caseStudies.MapPost("/", PostAsync).WithName("PostCaseStudy").AddOpenApiOperationTransformer(TakesCaseStudyAsync).WithMetadata(timeout).RequireAuthorization(Policies.Tagging)
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status409Conflict);
        caseStudies.MapPut("/{slug}", PutAsync).WithName("PutCaseStudy").AddOpenApiOperationTransformer(TakesCaseStudyAsync).WithMetadata(timeout).RequireAuthorization(Policies.Tagging)
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status412PreconditionFailed).ProducesProblem(StatusCodes.Status428PreconditionRequired);
        caseStudies.MapDelete("/{slug}", DeleteAsync).WithName("DeleteCaseStudy").WithMetadata(timeout).RequireAuthorization(Policies.Tagging)
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status412PreconditionFailed).ProducesProblem(StatusCodes.Status428PreconditionRequired);
    }

    // The body is read as a line of JSON is, which tells better what is wrong than binding does.
    private static async Task TakesCaseStudyAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken ct)
    {
        await context.GetOrCreateSchemaAsync(typeof(CaseStudy), null, ct);
        operation.RequestBody!.Content!["application/json"].Schema = new OpenApiSchemaReference(nameof(CaseStudy), context.Document);
    }

    /// <param name="CaseStudy">As it is stored now: personal data is masked.</param>
    /// <param name="State">published or draft.</param>
    /// <param name="Masked">Personal data that was taken out, in words.</param>
    /// <param name="Twin">Another case study that tells the same story.</param>
    /// <param name="Doubts">Why officers do not see it until somebody releases it; empty: they do.</param>
    public sealed record Response(CaseStudy CaseStudy, int Version, CaseStudyState State, IReadOnlyList<string> Masked, SameStory? Twin, IReadOnlyList<Doubt> Doubts);

    /// <param name="Reason">Why it may be shown; stands in the record.</param>
    /// <param name="By">Who releases it; where people sign in, whoever signed in counts instead.</param>
    public sealed record Release([Required, StringLength(CaseStudyDesk.MaxReason)] string Reason, [StringLength(CaseStudyDesk.MaxName)] string? By = null);

    internal static async Task<Results<NoContent, ProblemHttpResult>> ReleaseAsync(string slug, Release request, CaseStudyDesk desk, ICaseStudyHistory history, ClaimsPrincipal user, CancellationToken ct)
    {
        if (history.Latest(slug) is null) return GetCaseStudy.NotFound(slug);
        await desk.ReleaseAsync(slug, Editor(user, request.By, request.Reason), ct);
        return TypedResults.NoContent();
    }

    internal static async Task<Results<Created<Response>, ProblemHttpResult>> PostAsync(
        JsonElement body, HttpContext context, CaseStudyDesk desk, ICaseStudyHistory history, CorpusService corpus, ITagBook tags, ClaimsPrincipal user, CancellationToken ct,
        [Description("published or draft; default published.")] string? state = null, [Description("Who adds it; where people sign in, whoever signed in counts instead.")] string? by = null, string? reason = null)
    {
        var caseStudy = Read(body);
        if (history.Latest(caseStudy.Slug) is { } taken) return Taken(taken);
        try
        {
            var saved = await desk.SaveAsync(caseStudy, null, StateOf(state), Editor(user, by, reason), "the programming interface", 0, ct);
            await SetETagAsync(context, saved.Version.CaseStudy, corpus, tags, ct);
            return TypedResults.Created($"/api/case-studies/{Uri.EscapeDataString(caseStudy.Slug)}", Of(saved));
        }
        catch (StaleCaseStudyException e)
        {
            return Taken(e.Current);
        }
    }

    internal static async Task<Results<Ok<Response>, ProblemHttpResult>> PutAsync(
        string slug, JsonElement body, HttpContext context, CaseStudyDesk desk, ICaseStudyHistory history, CorpusService corpus, ITagBook tags, ClaimsPrincipal user, CancellationToken ct,
        string? state = null, string? by = null, string? reason = null)
    {
        if (history.Latest(slug) is not { } latest) return GetCaseStudy.NotFound(slug);
        var caseStudy = Read(body);
        if (caseStudy.Slug != slug) throw new BadInputException($"The address names \"{slug}\", the body \"{caseStudy.Slug}\". A case study keeps its slug.");
        if (Precondition(context, latest.CaseStudy, tags) is { } failed) return failed;
        try
        {
            var saved = await desk.SaveAsync(caseStudy, null, StateOf(state), Editor(user, by, reason), "the programming interface", latest.Number, ct);
            await SetETagAsync(context, saved.Version.CaseStudy, corpus, tags, ct);
            return TypedResults.Ok(Of(saved));
        }
        catch (StaleCaseStudyException)
        {
            return Stale(slug);
        }
    }

    internal static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(
        string slug, HttpContext context, CaseStudyDesk desk, ICaseStudyHistory history, ITagBook tags, ClaimsPrincipal user, CancellationToken ct, string? reason = null, string? by = null)
    {
        if (history.Latest(slug) is not { } latest) return GetCaseStudy.NotFound(slug);
        if (Precondition(context, latest.CaseStudy, tags) is { } failed) return failed;
        try
        {
            await desk.WithdrawAsync(slug, Editor(user, by, reason), latest.Number, ct);
            return TypedResults.NoContent();
        }
        catch (StaleCaseStudyException)
        {
            return Stale(slug);
        }
    }

    internal static CaseStudyEditor Editor(ClaimsPrincipal user, string? by, string? reason)
    {
        var role = Roles.Of(user) ?? Roles.Staff;
        return new CaseStudyEditor(role, Roles.NameOf(user, string.IsNullOrWhiteSpace(by) ? role : by.Trim()), string.IsNullOrWhiteSpace(reason) ? null : reason.Trim());
    }

    /// <summary>Reads the body as a line of JSON is read, with the same messages.</summary>
    private static CaseStudy Read(JsonElement body)
    {
        var bytes = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(body, CoopJson.Options));
        foreach (var (_, caseStudy, problem) in CaseStudyReader.ReadLines(new MemoryStream(bytes))) return caseStudy ?? throw new BadInputException(problem!);
        throw new BadInputException("The body is empty. Send one case study as JSON.");
    }

    private static CaseStudyState StateOf(string? state) => state switch
    {
        null or "published" => CaseStudyState.Published,
        "draft" => CaseStudyState.Draft,
        _ => throw new BadInputException($"state is \"{state}\"; it must be published or draft."),
    };

    private static Response Of(CaseStudyDesk.Saved saved) => new(saved.Version.CaseStudy, saved.Version.Number, saved.Version.State, saved.Masked, saved.Twin, saved.Doubts);

    private static async Task SetETagAsync(HttpContext context, CaseStudy caseStudy, CorpusService corpus, ITagBook tags, CancellationToken ct)
    {
        await corpus.RefreshAsync(ct);
        context.Response.GetTypedHeaders().ETag = GetCaseStudy.ETagOf(caseStudy, tags);
    }

    private static ProblemHttpResult? Precondition(HttpContext context, CaseStudy current, ITagBook tags)
    {
        if (StringValues.IsNullOrEmpty(context.Request.Headers.IfMatch))
        {
            return TypedResults.Problem(
                statusCode: StatusCodes.Status428PreconditionRequired, type: "/problems/if-match-needed", title: "Say which version you have seen.",
                detail: "Read the case study with GET and send its ETag as If-Match, so that nobody’s change is overwritten unseen.");
        }

        // The first part is the content's; decisions on tags do not make an edit stale.
        var content = current.ContentHash[..16];
        var known = context.Request.GetTypedHeaders().IfMatch;
        return known.Any(k => k.Equals(EntityTagHeaderValue.Any) || k.Tag.AsSpan().TrimStart('"').StartsWith(content, StringComparison.Ordinal)) ? null : Stale(current.Slug);
    }

    private static ProblemHttpResult Stale(string slug) => TypedResults.Problem(
        statusCode: StatusCodes.Status412PreconditionFailed, type: "/problems/changed-meanwhile", title: "Somebody changed the case study in the meantime.",
        detail: $"Read it again with GET /api/case-studies/{slug}, make your change there, and send the new ETag.");

    private static ProblemHttpResult Taken(CaseStudyVersion taken) => TypedResults.Problem(
        statusCode: StatusCodes.Status409Conflict, type: "/problems/slug-taken", title: "There is a case study of this name.",
        detail: taken.State == CaseStudyState.Withdrawn
            ? $"\"{taken.Slug}\" was withdrawn{(taken.By.Reason is { } why ? $" ({why})" : "")}. Publish it again with PUT, or choose another slug."
            : $"\"{taken.Slug}\" is taken. Change it with PUT, or choose another slug.");
}
