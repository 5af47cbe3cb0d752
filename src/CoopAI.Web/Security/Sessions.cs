using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Extensions.Options;

namespace CoopAI.Web.Security;

/// <summary>The session cookie of accounts: strict, secure and out of scripts' reach.</summary>
internal sealed class Sessions(IOptions<SignInOptions> signIn) : IConfigureNamedOptions<CookieAuthenticationOptions>
{
    public const string Scheme = "session";

    public const string CookieName = "coopai-session";

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
        options.Events.OnRedirectToLogin = context =>
        {
            // A program wants the status, a person the form.
            if (CoopWeb.IsForMachines(context.Request.Path)) context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            else context.Response.Redirect(context.RedirectUri);
            return Task.CompletedTask;
        };
        options.Events.OnRedirectToAccessDenied = context =>
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return Task.CompletedTask;
        };
    }
}
