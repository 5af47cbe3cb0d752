using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.AspNetCore.Mvc.ApplicationModels;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Options;

namespace CoopAI.Web.Security;

/// <summary>Puts sign-in and roles together.</summary>
internal static class SecurityServices
{
    /// <summary>Names by which this machine calls itself: a page elsewhere that points its own name here is turned away.</summary>
    private const string OwnNames = "localhost;127.0.0.1;[::1]";

    /// <param name="dataDirectory">The keys of sessions and forms are kept below it, so that they outlive a restart.</param>
    public static void AddCoopSecurity(this WebApplicationBuilder builder, string dataDirectory)
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

        builder.Services.AddDataProtection().SetApplicationName("CoopAI");
        builder.Services.AddOptions<KeyManagementOptions>().Configure<ILoggerFactory>((keys, log) =>
            keys.XmlRepository = new FileSystemXmlRepository(MakePrivate(Path.GetFullPath(Path.Combine(dataDirectory, "session-keys"))), log));
        builder.Services.AddSingleton<KeptForms>();
        RequestLimits.Add(builder.Services);
        builder.Services.AddAuthorization(Policies.Add);
        builder.Services.Configure<RazorPagesOptions>(pages => pages.Conventions.Add(new PageGuard()));
    }

    private static DirectoryInfo MakePrivate(string path) => OperatingSystem.IsWindows()
        ? Directory.CreateDirectory(path)
        : Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

    private sealed class PageGuard : IPageRouteModelConvention
    {
        public void Apply(PageRouteModel model) => Policies.Guard(model);
    }
}
