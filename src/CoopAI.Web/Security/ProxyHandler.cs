using System.Net;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace CoopAI.Web.Security;

/// <summary>Believes the headers of one named proxy, and of nobody else.</summary>
internal sealed class ProxyHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, IOptions<SignInOptions> signIn)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "proxy";

    private const int MaxName = 200;

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var o = signIn.Value;
        if (ClientAddress.PeerOf(Context) is not { } peer || !ClientAddress.Level(peer).Equals(ClientAddress.Level(IPAddress.Parse(o.ProxyAddress!)))) return Task.FromResult(AuthenticateResult.NoResult());
        // A header that came twice, or was joined with a comma on its way, may hold a value that the proxy did not write.
        if (Request.Headers[o.UserHeader] is not [{ Length: > 0 and <= MaxName } name] || name.Contains(',', StringComparison.Ordinal)) return Task.FromResult(AuthenticateResult.NoResult());
        var roles = Request.Headers[o.RoleHeader];
        var role = roles.Count == 0 ? Roles.Officer : roles is [{ } one] && Roles.Contains(one) ? one : null;
        if (role is null) return Task.FromResult(AuthenticateResult.Fail($"{o.RoleHeader} must be officer, staff, member or administrator, once."));
        var identity = new ClaimsIdentity([new(ClaimTypes.Name, name), new(ClaimTypes.Role, role)], ProxyHandler.SchemeName);
        return Task.FromResult(AuthenticateResult.Success(new(new ClaimsPrincipal(identity), ProxyHandler.SchemeName)));
    }
}
