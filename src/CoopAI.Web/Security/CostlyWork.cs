using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace CoopAI.Web.Security;

/// <summary>Long texts wait their turn beside the asking path: one at a time, a few in the queue, and each person's share priced by length.</summary>
/// <remarks>
/// A draft of 200,000 characters keeps a processor busy for seconds. Short bodies, and questions above all, never come here; the encoder lets questions go
/// first as well. Whoever finds the queue full, or has used up the minute's characters, is told when to come back.
/// </remarks>
internal sealed class CostlyWork : IDisposable
{
    /// <summary>Bodies up to this many bytes cost too little to wait.</summary>
    public const int FreeBytes = 16 * 1024;

    /// <summary>Requests that may wait; and of one person, how many may wait or run.</summary>
    public const int QueueLimit = 16, PerPerson = 3;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private static readonly PathString[] Paths = ["/api/tags", "/api/case-studies", "/api/checks", "/tag", "/case-studies", "/check"];

    private readonly RequestDelegate _next;
    private readonly ConcurrencyLimiter _turn = new(new() { PermitLimit = 1, QueueLimit = QueueLimit, QueueProcessingOrder = QueueProcessingOrder.OldestFirst });
    private readonly PartitionedRateLimiter<string> _people = PartitionedRateLimiter.Create<string, string>(person =>
        RateLimitPartition.GetConcurrencyLimiter(person, _ => new() { PermitLimit = PerPerson, QueueLimit = 0 }));
    private readonly PartitionedRateLimiter<string>? _budget;

    public CostlyWork(RequestDelegate next, IOptions<SignInOptions> signIn)
    {
        ArgumentNullException.ThrowIfNull(signIn);
        _next = next;
        // Without sign-in this machine alone asks.
        if (signIn.Value.Mode == SignInMode.None) return;
        _budget = PartitionedRateLimiter.Create<string, string>(person => RateLimitPartition.GetFixedWindowLimiter(person, _ => new()
        {
            PermitLimit = signIn.Value.KilobytesPerMinute, Window = Window, QueueLimit = 0,
        }));
    }

    public async Task InvokeAsync(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (PriceOf(context.Request) is not { } kilobytes)
        {
            await _next(context);
            return;
        }

        var person = context.User.Identity is { IsAuthenticated: true, Name: { } name } ? $"person {name}" : $"address {ClientAddress.LineOf(context)}";
        using var own = _people.AttemptAcquire(person);
        if (!own.IsAcquired)
        {
            await RefuseAsync(context, TimeSpan.FromSeconds(10), $"You have {PerPerson} long texts in work already. Wait for one of them.");
            return;
        }

        if (_budget is not null)
        {
            using var paid = _budget.AttemptAcquire(person, kilobytes);
            if (!paid.IsAcquired)
            {
                await RefuseAsync(context, paid.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : Window, "That is more text than one person may send in a minute. Wait a little, or send it in parts.");
                return;
            }
        }

        using var turn = await _turn.AcquireAsync(1, context.RequestAborted);
        if (turn.IsAcquired) await _next(context);
        else await RefuseAsync(context, TimeSpan.FromSeconds(10), "Too many long texts are waiting. Come back in a few seconds.");
    }

    public void Dispose()
    {
        _turn.Dispose();
        _people.Dispose();
        _budget?.Dispose();
    }

    /// <summary>Kilobytes of a text that has to wait its turn; null: it need not. A body that does not say its length counts as the longest.</summary>
    private static int? PriceOf(HttpRequest request)
    {
        if (!(HttpMethods.IsPost(request.Method) || HttpMethods.IsPut(request.Method)) || !Array.Exists(Paths, p => request.Path.StartsWithSegments(p))) return null;
        var length = request.ContentLength ?? (request.Headers.TransferEncoding.Count > 0 ? Hosting.CoopWeb.MaxBodyBytes : 0);
        return length <= FreeBytes ? null : (int)Math.Ceiling(Math.Min(length, Hosting.CoopWeb.MaxBodyBytes) / 1024.0);
    }

    private static Task RefuseAsync(HttpContext context, TimeSpan wait, string why)
    {
        context.Response.Headers.RetryAfter = ((int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
        return Hosting.CoopWeb.IsForMachines(context.Request.Path)
            ? Results.Problem(statusCode: StatusCodes.Status429TooManyRequests, type: "/problems/too-much-at-once", title: "Too much at once.", detail: why).ExecuteAsync(context)
            : Task.CompletedTask;
    }
}
