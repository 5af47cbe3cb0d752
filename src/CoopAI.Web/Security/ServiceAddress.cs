using Microsoft.Extensions.Options;

namespace CoopAI.Web.Security;

/// <summary>The address by which people know the service. It comes from the configuration: what a request calls itself is the sender's claim.</summary>
public sealed class ServiceAddress(IOptions<SignInOptions> signIn)
{
    /// <summary>Names by which this machine calls itself.</summary>
    internal static IReadOnlyList<string> OwnNames { get; } = ["localhost", "127.0.0.1", "[::1]"];

    /// <summary>For links in files and messages, without a slash at the end. Empty: not known, so that a path has to do.</summary>
    public string Of(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return signIn.Value.PublicAddress is { } address ? address.GetLeftPart(UriPartial.Authority)
            : OwnNames.Contains(request.Host.Host, StringComparer.OrdinalIgnoreCase) ? $"{request.Scheme}://{request.Host}" : "";
    }
}
