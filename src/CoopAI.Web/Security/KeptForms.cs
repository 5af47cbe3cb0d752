using System.Security.Cryptography;
using CoopAI.Web.Hosting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace CoopAI.Web.Security;

/// <summary>Keeps what somebody typed while their session ran out, and puts it back into the same form after they signed in again.</summary>
/// <remarks>
/// Only the owner of an ended session can leave a form here, and only the same person gets it back, once. It lies in memory alone, for
/// <see cref="Time"/>; its address holds a random number and nothing of what was typed. Safe for concurrent use.
/// </remarks>
public sealed class KeptForms(TimeProvider clock)
{
    /// <summary>Name of the query parameter with the form's number.</summary>
    public const string Parameter = "kept";

    /// <summary>Most forms, and most characters of one form.</summary>
    public const int MaxForms = 100, MaxLength = 300_000;

    /// <summary>How long a form is kept.</summary>
    public static readonly TimeSpan Time = TimeSpan.FromMinutes(30);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, (string Owner, string Path, DateTimeOffset Until, Dictionary<string, StringValues> Fields)> _forms = new(StringComparer.Ordinal);

    /// <summary>Keeps a form.</summary>
    /// <param name="owner">The account that typed it.</param>
    /// <param name="path">The page that it was sent to.</param>
    /// <returns>Its number; null: it is empty or too long to be kept.</returns>
    public string? Keep(string owner, string path, IEnumerable<KeyValuePair<string, StringValues>> fields)
    {
        var kept = fields.Where(f => f.Key != "__RequestVerificationToken").ToDictionary(StringComparer.Ordinal);
        if (kept.Count == 0 || kept.Sum(f => f.Key.Length + f.Value.Sum(v => v?.Length ?? 0)) > MaxLength) return null;
        var number = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        lock (_lock)
        {
            var now = clock.GetUtcNow();
            foreach (var old in _forms.Where(f => f.Value.Until <= now).Select(f => f.Key).ToList()) _forms.Remove(old);
            while (_forms.Count >= MaxForms) _forms.Remove(_forms.MinBy(f => f.Value.Until).Key);
            _forms[number] = (owner, path, now + Time, kept);
        }

        return number;
    }

    /// <summary>Gives a form back to its owner and forgets it; null: there is none of this number for this person and page.</summary>
    public IReadOnlyDictionary<string, StringValues>? Take(string number, string owner, string path)
    {
        lock (_lock)
        {
            if (!_forms.TryGetValue(number, out var form) || form.Until <= clock.GetUtcNow()
                || !string.Equals(form.Owner, owner, StringComparison.OrdinalIgnoreCase) || form.Path != path) return null;
            _forms.Remove(number);
            return form.Fields;
        }
    }
}

/// <summary>The two ends of <see cref="KeptForms"/> in the way of a request.</summary>
internal static class KeptFormsExtensions
{
    /// <summary>Keeps the form of a request whose session has ended.</summary>
    /// <returns>The address to lead to after sign-in: the page's own, with the form's number where one was kept.</returns>
    public static async Task<string> KeepFormAsync(this HttpContext context)
    {
        var request = context.Request;
        var address = request.PathBase + request.Path + request.QueryString;
        if (!HttpMethods.IsPost(request.Method) || !request.HasFormContentType || CoopWeb.IsForMachines(request.Path)) return address;
        if (EndedSessionOf(context) is not { } owner) return address;
        try
        {
            var form = await request.ReadFormAsync(context.RequestAborted);
            return context.RequestServices.GetRequiredService<KeptForms>().Keep(owner, request.Path, form) is { } number
                ? request.PathBase + request.Path + request.QueryString.Add(KeptForms.Parameter, number) : address;
        }
        catch (Exception e) when (e is InvalidDataException or BadHttpRequestException)
        {
            // A form that cannot be read cannot be kept either.
            return address;
        }
    }

    /// <summary>Opens a page with the form that was kept for the reader, as the page itself opens one that is too old: nothing is done, everything typed is there.</summary>
    /// <remarks>Stands after authentication and before authorization, which then sees the request that it becomes. Without the form's own token no page acts on it.</remarks>
    public static IApplicationBuilder UseKeptForms(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        var request = context.Request;
        if (!HttpMethods.IsGet(request.Method) || request.Query[KeptForms.Parameter] is not [{ } number] || context.User.Identity is not { IsAuthenticated: true, Name: { } name }
            || context.RequestServices.GetRequiredService<KeptForms>().Take(number, name, request.Path) is not { } fields)
        {
            await next(context);
            return;
        }

        foreach (var header in (string[])["RequestVerificationToken", "Content-Type"]) request.Headers.Remove(header);
        request.Method = HttpMethods.Post;
        context.Features.Set<IFormFeature>(new FormFeature(new FormCollection(fields.ToDictionary())));
        context.Response.OnStarting(() =>
        {
            // The reader did nothing wrong.
            if (context.Response.StatusCode == StatusCodes.Status400BadRequest) context.Response.StatusCode = StatusCodes.Status200OK;
            return Task.CompletedTask;
        });
        await next(context);
    });

    /// <summary>The account of a session whose time is over or that was ended; null: the request carries none.</summary>
    private static string? EndedSessionOf(HttpContext context)
    {
        var options = context.RequestServices.GetRequiredService<IOptionsMonitor<CookieAuthenticationOptions>>().Get(Sessions.Scheme);
        return context.Request.Cookies[Sessions.CookieName] is { } cookie ? options.TicketDataFormat.Unprotect(cookie)?.Principal.Identity?.Name : null;
    }
}
