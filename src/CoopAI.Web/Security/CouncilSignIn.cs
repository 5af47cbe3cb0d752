using System.Security.Claims;
using CoopAI.Adapters.Sqlite;
using CoopAI.Core;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace CoopAI.Web.Security;

/// <summary>Sign-in with a council's own accounts over OpenID Connect: authorisation code with PKCE.</summary>
/// <remarks>
/// Where <see cref="OpenIdConnectSettings.Roles"/> are set, the provider's word decides at every sign-in: whoever has no role there is refused,
/// whoever has another gets it. Where they are not, people come by invitation, which joins their council account to an account here.
/// </remarks>
internal sealed class CouncilSignIn(IOptions<SignInOptions> signIn, TimeProvider clock, ILogger<CouncilSignIn> log) : IConfigureNamedOptions<OpenIdConnectOptions>
{
    public const string Scheme = "council";

    /// <summary>The provider sends people back here.</summary>
    public const string CallbackPath = "/sign-in/council-callback";

    private const string LinkItem = "coopai.link";

    // The most that somebody may do counts, when the provider names several.
    private static readonly string[] Most = [Roles.Administrator, Roles.Member, Roles.Staff, Roles.Officer];

    /// <param name="target">Where to lead afterwards, on this service; null: where the role begins.</param>
    /// <param name="link">Secret of the invitation that is to be used; null: none.</param>
    public static AuthenticationProperties Properties(string? target, string? link)
    {
        var properties = new AuthenticationProperties { RedirectUri = target ?? "/" };
        if (!string.IsNullOrEmpty(link)) properties.Items[LinkItem] = link;
        return properties;
    }

    /// <summary>Where somebody is led who cannot be signed in, with the reason in words.</summary>
    public static string Refusal(string reason) => $"/sign-in/refused/{reason}";

    public void Configure(OpenIdConnectOptions options) => Configure(Scheme, options);

    public void Configure(string? name, OpenIdConnectOptions options)
    {
        if (name != Scheme) return;
        var o = signIn.Value.OpenIdConnect;
        options.SignInScheme = Sessions.Scheme;
        options.Authority = o.Authority?.ToString();
        options.RequireHttpsMetadata = o.Authority?.Scheme != "http";
        options.ClientId = o.ClientId;
        options.ClientSecret = o.ClientSecretFile is { } file ? File.ReadAllText(file).Trim() : null;
        options.ResponseType = OpenIdConnectResponseType.Code;
        options.ResponseMode = OpenIdConnectResponseMode.Query;
        options.CallbackPath = CallbackPath;
        options.MapInboundClaims = false;
        options.SaveTokens = false;
        options.BackchannelTimeout = TimeSpan.FromSeconds(10);
        foreach (var cookie in (CookieBuilder[])[options.CorrelationCookie, options.NonceCookie])
        {
            cookie.SameSite = SameSiteMode.Lax;
            cookie.SecurePolicy = CookieSecurePolicy.Always;
        }

        options.Events.OnTokenValidated = context => ReceiveAsync(context, o);
        options.Events.OnRemoteFailure = context =>
        {
            var cancelled = context.Request.Query["error"] == "access_denied";
            if (!cancelled) Failed(log, context.Failure?.GetType().Name ?? "unknown");
            context.Response.Redirect(Refusal(cancelled ? "cancelled" : "provider"));
            context.HandleResponse();
            return Task.CompletedTask;
        };
    }

    /// <summary>Whether the provider can be asked now. Its description is fetched once and kept.</summary>
    public static async Task<bool> IsReachableAsync(HttpContext context)
    {
        var options = context.RequestServices.GetRequiredService<IOptionsMonitor<OpenIdConnectOptions>>().Get(Scheme);
        try
        {
            await options.ConfigurationManager!.GetConfigurationAsync(context.RequestAborted);
            return true;
        }
        catch (Exception e) when (e is InvalidOperationException or HttpRequestException or IOException or TaskCanceledException && !context.RequestAborted.IsCancellationRequested)
        {
            Failed(context.RequestServices.GetRequiredService<ILogger<CouncilSignIn>>(), e.GetType().Name);
            return false;
        }
    }

    private async Task ReceiveAsync(TokenValidatedContext context, OpenIdConnectSettings settings)
    {
        var book = context.HttpContext.RequestServices.GetRequiredService<AccountBook>();
        var (account, refused) = await FindAsync(book, context.Principal!, context.Properties is { } p && p.Items.TryGetValue(LinkItem, out var link) ? link : null, settings);
        if (account is null)
        {
            SignInLog.Refused(log, ClientAddress.LineOf(context.HttpContext), refused!, "council account");
            context.Response.Redirect(Refusal(refused!));
            context.HandleResponse();
            return;
        }

        SignInLog.SignedIn(log, account.Id, ClientAddress.LineOf(context.HttpContext), "council account");
        context.Principal = Sessions.Principal(account, clock.GetUtcNow(), secondFactor: true);
        // The cookie lasts as every session does, not as the provider's token.
        context.Properties = new AuthenticationProperties { RedirectUri = context.Properties?.RedirectUri is { Length: > 1 } target ? target : Roles.StartOf(account.Role) };
    }

    private static async Task<(Account? Account, string? Refused)> FindAsync(AccountBook book, ClaimsPrincipal person, string? link, OpenIdConnectSettings settings)
    {
        var (issuer, subject) = (person.FindFirstValue("iss") ?? settings.Authority!.ToString(), person.FindFirstValue("sub"));
        if (subject is null) return (null, "provider");
        var named = person.FindAll(settings.RoleClaim).Select(c => settings.Roles.GetValueOrDefault(c.Value)).OfType<string>().ToHashSet();
        var role = Array.Find(Most, named.Contains);
        if (settings.Roles.Count > 0 && role is null) return (null, "role");
        try
        {
            var account = book.FindByLogin(issuer, subject) ?? (link is null ? null : book.UseLink(link, issuer, subject));
            if (account is null)
            {
                if (role is null) return (null, "invitation");
                account = await book.AddForLoginAsync(NameOf(person, settings.NameClaim), role, issuer, subject);
            }

            if (account.Disabled) return (null, "disabled");
            if (role is not null && role != account.Role)
            {
                await book.SetRoleAsync(account.Name, role, new("the service", "service", "The council account names this role."));
                account = book.FindById(account.Id)!;
            }

            return (account, null);
        }
        catch (BadInputException)
        {
            // The invitation is over, the name is taken, or nobody else would be left to administer the service.
            return (null, link is null ? "name" : "link");
        }
    }

    // A name of another form is brought into ours: it is only what others see.
    private static string NameOf(ClaimsPrincipal person, string claim)
    {
        var name = person.FindFirstValue(claim) ?? person.FindFirstValue("email") ?? person.FindFirstValue("name") ?? $"council-{person.FindFirstValue("sub")}";
        var plain = new string([.. name.Trim().Select(c => char.IsLetterOrDigit(c) || c is '.' or '-' or '_' or '@' ? c : '-')]).TrimStart('.', '-', '_', '@');
        return plain.Length > 64 ? plain[..64] : plain;
    }

    private static readonly Action<ILogger, string, Exception?> FailedMessage =
        LoggerMessage.Define<string>(LogLevel.Error, default, "The council's sign-in provider could not be used ({Fault})");

    private static void Failed(ILogger log, string fault) => FailedMessage(log, fault, null);
}
