namespace CoopAI.Web.Pages.Compare;

/// <summary>Case studies that a reader keeps for comparing, in a cookie of this browser that ends with it. It names case studies and nothing else.</summary>
public static class Shortlist
{
    /// <summary>Case studies kept at most.</summary>
    public const int Most = 12;

    private const string Cookie = "coopai-shortlist";

    /// <summary>Slugs in the order in which they were added, each once.</summary>
    public static IReadOnlyList<string> Of(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return [.. (request.Cookies[Cookie] ?? "").Split('.', StringSplitOptions.RemoveEmptyEntries).Select(Uri.UnescapeDataString).Where(s => s.Length <= 200).Distinct(StringComparer.Ordinal).Take(Most)];
    }

    public static void Keep(HttpContext context, IReadOnlyList<string> slugs)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(slugs);
        var options = new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Lax, Secure = context.Request.IsHttps, Path = "/", IsEssential = true };
        if (slugs.Count == 0) context.Response.Cookies.Delete(Cookie, options);
        else context.Response.Cookies.Append(Cookie, string.Join('.', slugs.Take(Most).Select(s => Uri.EscapeDataString(s).Replace(".", "%2E", StringComparison.Ordinal))), options);
    }
}
