using System.Security.Claims;
using CoopAI.Adapters.Sqlite;
using CoopAI.Web.Hosting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Extensions.Options;

namespace CoopAI.Web.Security;

/// <summary>The session cookie of accounts: strict, secure and out of scripts' reach.</summary>
internal sealed class Sessions(IOptions<SignInOptions> signIn) : IConfigureNamedOptions<CookieAuthenticationOptions>
{
    public const string Scheme = "session";

    public const string CookieName = "coopai-session";

    private const string StampClaim = "stamp";

    /// <summary>What a session says of its account.</summary>
    public static ClaimsPrincipal Principal(Account account) => new(new ClaimsIdentity(
        [new(ClaimTypes.Name, account.Name), new(ClaimTypes.Role, account.Role), new(StampClaim, account.Stamp)], Scheme));

    public void Configure(CookieAuthenticationOptions options) => Configure(Scheme, options);

    public void Configure(string? name, CookieAuthenticationOptions options)
    {
        if (name != Scheme) return;
        options.Cookie.Name = CookieName;
        options.Cookie.HttpOnly = true;
        options.Cookie.SameSite = SameSiteMode.Strict;
        options.Cookie.SecurePolicy = CookieSecurePolicy.Always;
        options.LoginPath = "/sign-in";
        options.ReturnUrlParameter = "return";
        options.ExpireTimeSpan = signIn.Value.Session;
        options.SlidingExpiration = true;
        // A session ends at once when its account is removed, or has another role or password.
        options.Events.OnValidatePrincipal = context =>
        {
            var book = context.HttpContext.RequestServices.GetRequiredService<AccountBook>();
            // The cookie stays, worthless: a form that is on its way is kept for the account that it names.
            if (context.Principal?.Identity?.Name is not { } account || book.Find(account)?.Stamp != context.Principal.FindFirstValue(StampClaim)) context.RejectPrincipal();
            return Task.CompletedTask;
        };
        options.Events.OnRedirectToLogin = async context =>
        {
            // A program wants the status, a person the form.
            if (CoopWeb.IsForMachines(context.Request.Path)) context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            else context.Response.Redirect(options.LoginPath + QueryString.Create(options.ReturnUrlParameter, await context.HttpContext.KeepFormAsync()));
        };
        options.Events.OnRedirectToAccessDenied = context =>
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return Task.CompletedTask;
        };
    }
}
