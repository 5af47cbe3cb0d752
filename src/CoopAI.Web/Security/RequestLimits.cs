using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;

namespace CoopAI.Web.Security;

/// <summary>How many requests one person may send, where the service can be reached by others. Without sign-in there is no limit: this machine alone asks.</summary>
internal static class RequestLimits
{
    /// <summary>Attempts to sign in, a minute and address: enough for an office behind one address. <see cref="SignInDelays"/> slow guessing down.</summary>
    public const int SignInsPerMinute = 60;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    public static void Add(IServiceCollection services)
    {
        services.AddRateLimiter(limiter =>
        {
            limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            limiter.OnRejected = (context, _) =>
            {
                var wait = context.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : Window;
                context.HttpContext.Response.Headers.RetryAfter = ((int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
                return ValueTask.CompletedTask;
            };
        });
        services.AddOptions<RateLimiterOptions>().Configure<IOptions<SignInOptions>>((limiter, signIn) => limiter.GlobalLimiter = Create(signIn.Value));
    }

    private static PartitionedRateLimiter<HttpContext> Create(SignInOptions options) => PartitionedRateLimiter.Create<HttpContext, string>(context =>
    {
        var path = context.Request.Path;
        if (options.Mode == SignInMode.None || path.StartsWithSegments("/health") || path.StartsWithSegments("/assets")) return RateLimitPartition.GetNoLimiter("");
        var address = ClientAddress.LineOf(context);
        var person = context.User.Identity is { IsAuthenticated: true, Name: { } name } ? $"person {name}" : $"address {address}";
        var signsIn = path.StartsWithSegments("/sign-in");
        // Whoever floods the other pages from an office's address must not keep the office from signing in.
        if (!HttpMethods.IsPost(context.Request.Method)) return Fixed(signsIn ? $"form {address}" : $"any {person}", options.RequestsPerMinute);
        return signsIn ? Fixed($"sign-in {address}", SignInsPerMinute)
            : path == "/" || path == "/api/answers" || path == "/api/answers/" ? Fixed($"question {person}", options.QuestionsPerMinute)
            : Fixed($"any {person}", options.RequestsPerMinute);
    });

    private static RateLimitPartition<string> Fixed(string key, int permits) =>
        RateLimitPartition.GetFixedWindowLimiter(key, _ => new FixedWindowRateLimiterOptions { PermitLimit = permits, Window = Window, QueueLimit = 0 });
}
