using System.Net;
using CoopAI.Core;

namespace CoopAI.Web.Security;

/// <summary>Refuses to listen where other machines can reach the service while nobody has to sign in.</summary>
internal static class ListeningGuard
{
    /// <exception cref="BadInputException">An address in the configuration is open to other machines.</exception>
    public static void Check(IConfiguration configuration, SignInOptions signIn)
    {
        if (signIn.Mode != SignInMode.None || Addresses(configuration).FirstOrDefault(a => !IsOfThisMachine(a)) is not { } open) return;
        throw new BadInputException(
            $"The service would listen on {open}, which other machines can reach, and nobody would have to sign in. Set SignIn:Mode to Accounts (make accounts with: coopai users add NAME --role administrator) or to Proxy, or listen on this machine only: --urls http://127.0.0.1:5080.");
    }

    /// <summary>Whether an address can be reached from this machine only. An address that cannot be read counts as open.</summary>
    internal static bool IsOfThisMachine(string address)
    {
        try
        {
            var binding = BindingAddress.Parse(address);
            return binding.IsUnixPipe || string.Equals(binding.Host, "localhost", StringComparison.OrdinalIgnoreCase)
                || (IPAddress.TryParse(binding.Host, out var ip) && LocalRoleHandler.IsLoopback(ip));
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static IEnumerable<string> Addresses(IConfiguration configuration)
    {
        foreach (var endpoint in configuration.GetSection("Kestrel:Endpoints").GetChildren())
        {
            if (endpoint["Url"] is { } url) yield return url;
        }

        if (configuration["urls"] is { Length: > 0 } urls)
        {
            foreach (var url in Split(urls)) yield return url;
            yield break;
        }

        // Ports without an address listen on every address of the machine.
        foreach (var port in Split(configuration["http_ports"])) yield return $"http://*:{port}";
        foreach (var port in Split(configuration["https_ports"])) yield return $"https://*:{port}";
    }

    private static string[] Split(string? list) => list?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
}
