using System.Diagnostics;

namespace CoopAI.Web.Hosting;

/// <summary>One line a request: method, route, status, time and request id. Never the query string or the body, which may hold a question.</summary>
internal sealed class RequestLog(RequestDelegate next, ILogger<RequestLog> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            await next(context);
        }
        finally
        {
            // The route's pattern instead of the path: a slug or an id is no business of the log.
            var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "(no route)";
            logger.LogInformation(
                "{Method} {Route} {Status} in {Milliseconds} ms, request {RequestId}",
                context.Request.Method, route, context.Response.StatusCode,
                Math.Round(Stopwatch.GetElapsedTime(started).TotalMilliseconds, 1), Activity.Current?.Id ?? context.TraceIdentifier);
        }
    }
}
