using CoopAI.Orchestration.Ingesting;

namespace CoopAI.Web.Hosting;

/// <summary>While the shipped case studies are loaded for the first time, every address but health and assets answers 503 and says how far the load has come.</summary>
/// <remarks>An answer from the first twenty of a hundred and twenty would be wrong without anybody's fault.</remarks>
public sealed class FirstLoadGate(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context, CorpusService corpus)
    {
        if (corpus.Loading is not { } load || context.Request.Path.StartsWithSegments("/health") || context.Request.Path.StartsWithSegments("/assets"))
        {
            await next(context);
            return;
        }

        var progress = FormattableString.Invariant($"{load.Done} of {load.Total} loaded.");
        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        context.Response.Headers.RetryAfter = "5";
        if (CoopWeb.IsForMachines(context.Request.Path))
        {
            await Results.Problem(statusCode: StatusCodes.Status503ServiceUnavailable, type: "/problems/loading", title: progress,
                detail: "The shipped case studies are being loaded for the first time. Come back in a minute.").ExecuteAsync(context);
            return;
        }

        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.Headers["Refresh"] = "5";
        await context.Response.WriteAsync($"""
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Loading – CoopAI</title></head>
            <body><main><h1>The case studies are being loaded</h1><p>{progress} This happens once and takes about a minute. The page looks again by itself every five seconds.</p></main></body></html>
            """);
    }
}
