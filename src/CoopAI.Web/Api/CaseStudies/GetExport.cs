using System.Text.Json;
using CoopAI.Core;
using CoopAI.Core.Corpus;
using CoopAI.Core.Retrieval;
using CoopAI.Core.Tagging;
using CoopAI.Web.Pages;
using CoopAI.Web.Security;

namespace CoopAI.Web.Api.CaseStudies;

/// <summary><c>GET /api/case-studies/export?format=</c>: the whole corpus, to be taken elsewhere or brought back: jsonl, csv, wordpress (tags as a file that WordPress loads) or rest (payloads for its REST interface).</summary>
public static class GetExport
{
    public static RouteHandlerBuilder Map(RouteGroupBuilder caseStudies) =>
        caseStudies.MapGet("/export", HandleAsync).WithName(nameof(GetExport)).RequireAuthorization(Policies.Tagging)
            .Produces<string>(StatusCodes.Status200OK, "application/x-ndjson", "text/csv", "application/xml", "application/json").ProducesProblem(StatusCodes.Status400BadRequest);

    internal static async Task<IResult> HandleAsync(SearchCorpus corpus, ICaseStudyHistory history, ITagBook tags, PrincipleNames names, CancellationToken ct, string format = "jsonl")
    {
        await corpus.CurrentAsync(ct);
        var all = history.ReadPublished().ToList();
        var (text, type, name) = CorpusExport.Make(all, tags.TagsOf(all), format, id => names[id]);
        return Results.Text(text, type).WithDownload(name);
    }

    private static IResult WithDownload(this IResult result, string name) => new Download(result, name);

    private sealed class Download(IResult inner, string name) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.Headers.ContentDisposition = $"attachment; filename=\"{name}\"";
            return inner.ExecuteAsync(httpContext);
        }
    }
}
