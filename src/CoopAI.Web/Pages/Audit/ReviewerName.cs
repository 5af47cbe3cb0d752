using CoopAI.Core.Reviews;
using CoopAI.Web.Security;

namespace CoopAI.Web.Pages.Audit;

/// <summary>The name under which somebody reviews: of the account, or as given last in this browser where nobody signs in.</summary>
internal static class ReviewerName
{
    private const string Cookie = "coopai-name";

    /// <param name="given">As the form has it; empty: the one remembered.</param>
    public static string Of(HttpContext http, string? given) =>
        Roles.NameOf(http.User, string.IsNullOrWhiteSpace(given) ? http.Request.Cookies[Cookie] ?? "" : given).Trim();

    /// <summary>Remembers a name in this browser for the pages of the audit.</summary>
    public static void Remember(HttpContext http, string name)
    {
        if (Roles.SignedInName(http.User) is not null || name.Length is 0 or > ReviewDraft.MaxName) return;
        http.Response.Cookies.Append(Cookie, name, new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = http.Request.IsHttps, Path = "/audit", IsEssential = true });
    }
}
