using System.Globalization;
using System.Security.Claims;
using CoopAI.Adapters.Sqlite;
using CoopAI.Web.Hosting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Extensions.Options;

namespace CoopAI.Web.Security;

/// <summary>The session cookie of accounts: secure, of this host alone and out of scripts' reach.</summary>
internal sealed class Sessions(IOptions<SignInOptions> signIn, TimeProvider clock) : IConfigureNamedOptions<CookieAuthenticationOptions>
{
    public const string Scheme = "session";

    /// <summary>The prefix makes browsers refuse the cookie from another host, without TLS, or for a part of the addresses.</summary>
    public const string CookieName = "__Host-coopai-session";

    private const string IdClaim = "account", StampClaim = "stamp", BeganClaim = "began", SecondFactorClaim = "second-factor";

    /// <summary>What a session says of its account.</summary>
    /// <param name="began">When somebody signed in: the session ends <see cref="SignInOptions.LongestSession"/> later, used or not.</param>
    /// <param name="secondFactor">Whether more than a password was shown: a code, or a council account, whose provider asks for what it holds right.</param>
    public static ClaimsPrincipal Principal(Account account, DateTimeOffset began, bool secondFactor) => new(new ClaimsIdentity(
        [
            new(ClaimTypes.Name, account.Name), new(ClaimTypes.Role, account.Role), new(IdClaim, account.Id), new(StampClaim, account.Stamp),
            new(BeganClaim, began.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)),
            new(SecondFactorClaim, secondFactor ? "yes" : "no"),
        ],
        Scheme));

    /// <summary>Id of the account whose session this is; null: none.</summary>
    public static string? AccountOf(ClaimsPrincipal user) => user.FindFirstValue(IdClaim);

    public static bool HasSecondFactor(ClaimsPrincipal user) => user.HasClaim(SecondFactorClaim, "yes");

    /// <summary>When somebody signed in to this session.</summary>
    public static DateTimeOffset? Began(ClaimsPrincipal user) =>
        long.TryParse(user.FindFirstValue(BeganClaim), CultureInfo.InvariantCulture, out var began) ? DateTimeOffset.FromUnixTimeSeconds(began) : null;

    public void Configure(CookieAuthenticationOptions options) => Configure(Scheme, options);

    public void Configure(string? name, CookieAuthenticationOptions options)
    {
        if (name != Scheme) return;
        options.Cookie.Name = CookieName;
        options.Cookie.Path = "/";
        options.Cookie.HttpOnly = true;
        // Somebody who comes back from the council's own sign-in comes from another site. Forms are guarded by their own token.
        options.Cookie.SameSite = signIn.Value.OpenIdConnect.IsUsed ? SameSiteMode.Lax : SameSiteMode.Strict;
        options.Cookie.SecurePolicy = CookieSecurePolicy.Always;
        options.LoginPath = "/sign-in";
        options.ReturnUrlParameter = "return";
        options.ExpireTimeSpan = signIn.Value.Session;
        options.SlidingExpiration = true;
        // A session ends at once when its account is removed or shut out, signs out, or has another role or password.
        options.Events.OnValidatePrincipal = context =>
        {
            var book = context.HttpContext.RequestServices.GetRequiredService<AccountBook>();
            // The cookie stays, worthless: a form that is on its way is kept for the account that it names.
            if (context.Principal is { } user && AccountOf(user) is { } id && book.FindById(id) is { Disabled: false } account && account.Stamp == user.FindFirstValue(StampClaim)
                && Began(user) is { } began && clock.GetUtcNow() - began < signIn.Value.LongestSession) book.Seen(account);
            else context.RejectPrincipal();
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
            // An administrator without a second factor is shown how to get one.
            if (!CoopWeb.IsForMachines(context.Request.Path) && context.HttpContext.User.IsInRole(Roles.Administrator) && Policies.LacksSecondFactor(context.HttpContext))
            {
                context.Response.Redirect("/account/authenticator" + QueryString.Create("return", HttpMethods.IsGet(context.Request.Method) ? context.Request.Path : "/admin"));
                return Task.CompletedTask;
            }

            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return Task.CompletedTask;
        };
    }
}
