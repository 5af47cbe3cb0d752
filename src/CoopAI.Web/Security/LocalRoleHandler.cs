using System.Net;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace CoopAI.Web.Security;

/// <summary>Without sign-in: whoever sits at this machine is an administrator, or plays the role chosen at <c>/role</c>. Other machines are nobody.</summary>
internal sealed class LocalRoleHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    /// <summary>Name of the scheme, and of the identities that it makes.</summary>
    public const string SchemeName = "local";

    public const string CookieName = "coopai-role";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Context.Connection.RemoteIpAddress is { } remote && !IsLoopback(remote)) return Task.FromResult(AuthenticateResult.NoResult());
        var chosen = Request.Cookies[CookieName];
        var identity = new ClaimsIdentity(
            [new(ClaimTypes.Name, "this machine"), new(ClaimTypes.Role, Roles.Contains(chosen) ? chosen! : Roles.Administrator)], LocalRoleHandler.SchemeName);
        return Task.FromResult(AuthenticateResult.Success(new(new ClaimsPrincipal(identity), LocalRoleHandler.SchemeName)));
    }

    internal static bool IsLoopback(IPAddress address) => IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);
}
