using CoopAI.Web.Security;

namespace CoopAI.Web.Hosting;

/// <summary>Headers on every response, those to faults included. Nothing inline runs, and nothing is fetched from anywhere else.</summary>
internal static class SecurityHeaders
{
    public const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    /// <summary>A year: a browser that came once over TLS never tries without.</summary>
    public const string TransportSecurity = "max-age=31536000; includeSubDomains";

    // Nothing of a person stands on these, so that the back button may show them without asking again.
    private static readonly PathString[] Shared = ["/assets", "/about", "/case-studies", "/coverage"];

    public static IApplicationBuilder UseSecurityHeaders(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        // As late as possible: the handler of faults begins with an empty response, and a page may have been found by then.
        context.Response.OnStarting(() =>
        {
            var headers = context.Response.Headers;
            headers.ContentSecurityPolicy = ContentSecurityPolicy;
            headers.XContentTypeOptions = "nosniff";
            headers["Referrer-Policy"] = "same-origin";
            headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()";
            headers["Cross-Origin-Opener-Policy"] = "same-origin";
            // A machine that calls itself serves other things by other means under the same name.
            if (context.Request.IsHttps && !ServiceAddress.OwnNames.Contains(context.Request.Host.Host, StringComparer.OrdinalIgnoreCase)) headers.StrictTransportSecurity = TransportSecurity;
            if (!Shared.Any(s => context.Request.Path.StartsWithSegments(s))) headers.CacheControl = "no-store";
            return Task.CompletedTask;
        });
        return next(context);
    });
}
