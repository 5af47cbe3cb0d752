using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;

namespace CoopAI.Web.Security;

/// <summary>Whose request it is: the sender's address or, behind the one configured proxy, the address and scheme that this proxy names.</summary>
/// <remarks>
/// Forwarding headers of any other sender mean nothing, whatever ASPNETCORE_FORWARDEDHEADERS_ENABLED says. Where nobody signs in, a request
/// that carries one is refused: it came through a proxy from somebody who only looks like this machine.
/// </remarks>
internal sealed class ClientAddress
{
    private static readonly object Peer = new();

    private readonly RequestDelegate _next;
    private readonly bool _refusesForwarded;

    public ClientAddress(RequestDelegate next, IOptions<SignInOptions> signIn, ILoggerFactory log)
    {
        ArgumentNullException.ThrowIfNull(signIn);
        _next = next;
        _refusesForwarded = signIn.Value.Mode == SignInMode.None;
        if (_refusesForwarded || !IPAddress.TryParse(signIn.Value.ProxyAddress, out var proxy)) return;
        // One proxy adds one address: what stands before it in the header is the sender's own claim.
        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto, ForwardLimit = 1 };
        options.KnownIPNetworks.Clear();
        options.KnownProxies.Clear();
        options.KnownProxies.Add(Level(proxy));
        _next = new ForwardedHeadersMiddleware(next, log, Options.Create(options)).Invoke;
    }

    public Task InvokeAsync(HttpContext context)
    {
        context.Items[Peer] = context.Connection.RemoteIpAddress;
        if (!_refusesForwarded || !context.Request.Headers.Keys.Any(IsForwarding)) return _next(context);
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return context.Response.WriteAsync(
            "This request came through a proxy, and nobody signs in here: the service is for the machine that it runs on. To serve others, set SignIn:Mode to Accounts or Proxy and SignIn:ProxyAddress to the proxy's address.\n",
            context.RequestAborted);
    }

    /// <summary>Who opened the connection, proxies included; null: no network, as in a test.</summary>
    public static IPAddress? PeerOf(HttpContext context) => context.Items.TryGetValue(Peer, out var peer) ? (IPAddress?)peer : context.Connection.RemoteIpAddress;

    /// <summary>The address that limits count by: an IPv6 line's whole /64, which one person can have all of.</summary>
    public static string LineOf(HttpContext context)
    {
        if (context.Connection.RemoteIpAddress is not { } address) return "unknown";
        address = Level(address);
        if (address.AddressFamily != System.Net.Sockets.AddressFamily.InterNetworkV6) return address.ToString();
        var bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return $"{new IPAddress(bytes)}/64";
    }

    /// <summary>An IPv4 address in the same form however the network wrote it.</summary>
    public static IPAddress Level(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    private static bool IsForwarding(string header) =>
        header.StartsWith("X-Forwarded-", StringComparison.OrdinalIgnoreCase) || header.Equals("Forwarded", StringComparison.OrdinalIgnoreCase)
        || header.Equals("X-Real-IP", StringComparison.OrdinalIgnoreCase) || header.Equals("Via", StringComparison.OrdinalIgnoreCase);
}
