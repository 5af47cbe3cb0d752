using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Mvc.ApplicationModels;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Options;

namespace CoopAI.Web.Security;

/// <summary>Puts sign-in and roles together.</summary>
internal static class SecurityServices
{
    /// <summary>The cookie that guards forms, where people sign in.</summary>
    public const string FormCookieName = "__Host-coopai-form";

    /// <param name="dataDirectory">The keys of sessions and forms are kept below it, so that they outlive a restart.</param>
    public static void AddCoopSecurity(this WebApplicationBuilder builder, string dataDirectory)
    {
        var mode = builder.Configuration.GetSection(SignInOptions.Section).GetValue("Mode", SignInMode.None);
        var publicAddress = builder.Configuration.GetSection(SignInOptions.Section)["PublicAddress"];
        // A page elsewhere that points its own name here is turned away.
        if (builder.Configuration["AllowedHosts"] is null && (mode == SignInMode.None || publicAddress is not null))
            builder.Configuration["AllowedHosts"] = string.Join(';', Uri.TryCreate(publicAddress, UriKind.Absolute, out var address) ? [.. ServiceAddress.OwnNames, address.Host] : ServiceAddress.OwnNames);
        // What the host would add of its own accord, for any sender. ClientAddress decides.
        builder.Services.PostConfigure<ForwardedHeadersOptions>(headers => headers.ForwardedHeaders = ForwardedHeaders.None);
        builder.Services.AddSingleton<ServiceAddress>();
        builder.Services.AddOptions<SignInOptions>()
            .BindConfiguration(SignInOptions.Section, o => o.ErrorOnUnknownConfiguration = true)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        switch (mode)
        {
            case SignInMode.Accounts:
                var ways = builder.Services.AddAuthentication(Sessions.Scheme).AddCookie(Sessions.Scheme);
                builder.Services.AddSingleton<IConfigureOptions<CookieAuthenticationOptions>, Sessions>();
                if (builder.Configuration.GetSection(SignInOptions.Section)["OpenIdConnect:Authority"] is null) break;
                ways.AddOpenIdConnect(CouncilSignIn.Scheme, _ => { });
                builder.Services.AddSingleton<IConfigureOptions<OpenIdConnectOptions>, CouncilSignIn>();
                break;
            case SignInMode.Proxy:
                builder.Services.AddAuthentication(ProxyHandler.SchemeName).AddScheme<AuthenticationSchemeOptions, ProxyHandler>(ProxyHandler.SchemeName, null);
                break;
            default:
                builder.Services.AddAuthentication(LocalRoleHandler.SchemeName).AddScheme<AuthenticationSchemeOptions, LocalRoleHandler>(LocalRoleHandler.SchemeName, null);
                break;
        }

        builder.Services.AddOptions<AntiforgeryOptions>().Configure<IOptions<SignInOptions>>((forms, signIn) =>
        {
            // On this machine alone the service speaks without TLS, and a browser would not keep a secure cookie.
            forms.Cookie = signIn.Value.Mode == SignInMode.None
                ? new CookieBuilder { Name = "coopai-form", HttpOnly = true, SameSite = SameSiteMode.Strict, SecurePolicy = CookieSecurePolicy.SameAsRequest, IsEssential = true }
                : new HostCookie { Name = FormCookieName, HttpOnly = true, SameSite = SameSiteMode.Strict, IsEssential = true };
        });
        builder.Services.AddDataProtection().SetApplicationName("CoopAI");
        builder.Services.AddOptions<KeyManagementOptions>().Configure<ILoggerFactory>((keys, log) =>
            keys.XmlRepository = new FileSystemXmlRepository(MakePrivate(Path.GetFullPath(Path.Combine(dataDirectory, "session-keys"))), log));
        builder.Services.AddSingleton<KeptForms>();
        builder.Services.AddSingleton<SignInDelays>();
        RequestLimits.Add(builder.Services);
        builder.Services.AddAuthorization(Policies.Add);
        builder.Services.Configure<RazorPagesOptions>(pages => pages.Conventions.Add(new PageGuard()));
    }

    private static DirectoryInfo MakePrivate(string path) => OperatingSystem.IsWindows()
        ? Directory.CreateDirectory(path)
        : Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

    /// <summary>Always secure. Asking for that by the policy would make every form fail where a proxy ends TLS without saying so.</summary>
    private sealed class HostCookie : CookieBuilder
    {
        public override CookieOptions Build(HttpContext context, DateTimeOffset expiresFrom)
        {
            var cookie = base.Build(context, expiresFrom);
            (cookie.Secure, cookie.Path) = (true, "/");
            return cookie;
        }
    }

    private sealed class PageGuard : IPageRouteModelConvention
    {
        public void Apply(PageRouteModel model) => Policies.Guard(model);
    }
}
