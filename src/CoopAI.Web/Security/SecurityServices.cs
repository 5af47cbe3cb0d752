using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Mvc.ApplicationModels;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Options;

namespace CoopAI.Web.Security;

/// <summary>Puts sign-in and roles together.</summary>
internal static class SecurityServices
{
    /// <summary>Names by which this machine calls itself: a page elsewhere that points its own name here is turned away.</summary>
    private const string OwnNames = "localhost;127.0.0.1;[::1]";

    public static void AddCoopSecurity(this WebApplicationBuilder builder)
    {
        var mode = builder.Configuration.GetSection(SignInOptions.Section).GetValue("Mode", SignInMode.None);
        if (mode == SignInMode.None && builder.Configuration["AllowedHosts"] is null) builder.Configuration["AllowedHosts"] = OwnNames;
        builder.Services.AddOptions<SignInOptions>()
            .BindConfiguration(SignInOptions.Section, o => o.ErrorOnUnknownConfiguration = true)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        switch (mode)
        {
            case SignInMode.Accounts:
                builder.Services.AddAuthentication(Sessions.Scheme).AddCookie(Sessions.Scheme);
                builder.Services.AddSingleton<IConfigureOptions<CookieAuthenticationOptions>, Sessions>();
                break;
            case SignInMode.Proxy:
                builder.Services.AddAuthentication(ProxyHandler.SchemeName).AddScheme<AuthenticationSchemeOptions, ProxyHandler>(ProxyHandler.SchemeName, null);
                break;
            default:
                builder.Services.AddAuthentication(LocalRoleHandler.SchemeName).AddScheme<AuthenticationSchemeOptions, LocalRoleHandler>(LocalRoleHandler.SchemeName, null);
                break;
        }

        builder.Services.AddAuthorization(Policies.Add);
        builder.Services.Configure<RazorPagesOptions>(pages => pages.Conventions.Add(new PageGuard()));
    }

    private sealed class PageGuard : IPageRouteModelConvention
    {
        public void Apply(PageRouteModel model) => Policies.Guard(model);
    }
}
